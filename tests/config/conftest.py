"""Writes configurations and reads back what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wire.config import Settings, load
from wire.errors import ConfigError

Load = Callable[[str], Settings]
Faults = Callable[[str], list[str]]


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """Where a configuration is expected: ``ROOT/config/wire.toml``."""
    folder = tmp_path / "config"
    folder.mkdir()
    return folder / "wire.toml"


@pytest.fixture
def settings_of(config_file: Path) -> Load:
    """The settings that a TOML text gives."""

    def settings_of(text: str) -> Settings:
        config_file.write_text(text, encoding="utf-8")
        return load(config_file)

    return settings_of


@pytest.fixture
def faults_of(config_file: Path) -> Faults:
    """Each fault of a TOML text as ``LINE KEY: MESSAGE``."""

    def faults_of(text: str) -> list[str]:
        config_file.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            load(config_file)
        for fault in caught.value.faults:
            assert fault.where.startswith(f"{config_file}:"), fault
        return [str(fault).removeprefix(f"{config_file}:") for fault in caught.value.faults]

    return faults_of

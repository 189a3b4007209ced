"""What holds for every test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Generating a story takes long on a machine that does other things besides; that is no fault of the code.
settings.register_profile("wire", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wire")

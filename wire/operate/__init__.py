"""What keeps watch over the running daemon and tells others of it.

- ``outlook.py``          how things stand; ``watchman.py`` calls people by it, ``gauges.py`` tells Prometheus
- ``control.py``          how commands reach the daemon
- ``premises.py``         its folders, and nobody else's while it runs
- ``lasting.py``          loops that go on after a fault
- ``service_manager.py``  systemd; ``tracing.py`` OpenTelemetry
"""

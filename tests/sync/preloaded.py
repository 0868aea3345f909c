"""What the process that programs are forked from has read: every floor that a command or a centre stands on."""

import pkgutil
from importlib import import_module

import agentdesk

FLOORS = ("changes", "domain", "text", "store", "desk", "sync", "central", "cli")

for floor in FLOORS:
    package = import_module(f"agentdesk.{floor}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)

for name in ("typer", "uvicorn", "fastapi", "httpx"):
    import_module(name)

assert agentdesk.__file__

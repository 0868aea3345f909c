"""What the process that programs are forked from has read: every floor that a command, a centre or a desk stands on."""

import gc
import pkgutil
from importlib import import_module

import agentdesk
from agentdesk.app.run import paint_at_once
from agentdesk.desk.library import shipped_linter

FLOORS = (
    "changes",
    "domain",
    "text",
    "store",
    "desk",
    "sync",
    "central",
    "present",
    "widgets",
    "screens",
    "app",
    "cli",
)

paint_at_once()  # Textual reads it when it is imported
for floor in FLOORS:
    package = import_module(f"agentdesk.{floor}")
    for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{package.__name__}."):
        import_module(module.name)

for name in ("typer", "uvicorn", "fastapi", "httpx"):
    import_module(name)

shipped_linter()
gc.freeze()
assert agentdesk.__file__

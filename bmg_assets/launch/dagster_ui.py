"""The Dagster UI with its daemon, and the web application beside it: what `bmg ui` runs.

Three services, as `dagster dev` has them: a code server that loads the definitions and starts the runs, the daemon, and
the web server, which is Dagster's own application behind our guard.
"""

import errno
import re
import signal
import socket
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from bmg_assets.automation.queueing import DEFINITIONS
from bmg_assets.environment import set_where_unset, variable
from bmg_assets.launch.access import Access, is_loopback, reachable
from bmg_assets.launch.guard import QUERY
from bmg_assets.launch.instance import prepare_home
from bmg_assets.launch.main_machine import main_machine
from bmg_assets.launch.many_machines import open_deployment
from bmg_assets.launch.page_server import PagesError, serving_pages
from bmg_assets.launch.services import Services, running_services
from bmg_assets.settings import APP_URL, PAGES_URL, UI_URL, Locations, ManyMachines
from bmg_assets.store.page_addresses import DEFAULT_PORT, PAGES
from bmg_assets.store.store import Store

if TYPE_CHECKING:
    from starlette.types import ASGIApp

WORKSPACE = """load_from:
  - grpc_server:
      socket: {socket}
      location_name: {name}
"""


@dataclass(frozen=True)
class Served:
    """Where the UI and the pages are served.

    Attributes:
        path_prefix: where both lie below a reverse proxy: empty, or like `/bmg`.
        hosts: further names under which a reverse proxy passes requests on.
        user_header: header in which the reverse proxy names the person that asks; None where it does not.
    """

    host: str = "127.0.0.1"
    port: int = 3000
    pages_port: int = DEFAULT_PORT
    path_prefix: str = ""
    hosts: Sequence[str] = ()
    user_header: str | None = None

    @property
    def pages_prefix(self) -> str:
        """Where the pages lie below a reverse proxy."""
        return f"{self.path_prefix}{PAGES}" if self.path_prefix else ""

    @property
    def pages_url(self) -> str:
        """Address of the pages for links in the UI: on the machine that shows it, whatever its name."""
        return f"{self.path_prefix}{PAGES}"

    @property
    def url(self) -> str:
        """Address of the Dagster UI for links in the web application; below a prefix it is relative to the server."""
        return self.path_prefix or f"http://{reachable(self.host)}:{self.port}"

    @property
    def app_address(self) -> str:
        """Address of the web application as another machine asks for it, where no reverse proxy stands before it."""
        return f"http://{reachable(self.host)}:{self.pages_port}{self.pages_prefix}"

    @property
    def ui_address(self) -> str:
        """Address of the Dagster UI for the same."""
        return f"http://{reachable(self.host)}:{self.port}{self.path_prefix}"

    def check(self) -> None:
        """Refuse what cannot be served.

        Raises:
            PagesError: a port is taken, the host is not this machine, or a prefix or name is none.
        """
        if self.path_prefix and not re.fullmatch(r"(/[\w.~-]+)+", self.path_prefix):
            raise PagesError(f"--path-prefix is '{self.path_prefix}', expected a path like /bmg; fix it.")
        for name in self.hosts:
            if not re.fullmatch(r"[\w.-]+", name):
                raise PagesError(f"--allow-host is '{name}', expected a name alone, like lab.example.org; fix it.")
        if self.user_header is not None and not re.fullmatch(r"[\w-]+", self.user_header):
            raise PagesError(
                f"--user-header is '{self.user_header}', expected the name of a header, like X-Forwarded-User; fix it."
            )
        if self.port == self.pages_port:
            raise PagesError(f"--port and --pages-port are both {self.port}; choose two.")
        _check_free(self.host, self.port)


def run_ui(store: Store, served: Served, web: "Callable[[Access], ASGIApp]") -> None:
    """Run the Dagster UI until it is stopped.

    Args:
        web: makes the application that is served beside it, for those who may ask.

    Raises:
        PagesError: a port is taken, or the prefix is no path.
        ServicesError: another UI on this DAGSTER_HOME is at work, or a service ended by itself.
        AnotherMainMachineError: another UI on the database of several machines is at work.
        DatabaseError, BrokerError: a server of a deployment of several machines cannot be used.
    """
    served.check()
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    # A shell has what it starts in the background ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    set_where_unset(PAGES_URL, served.pages_url)
    chosen = variable(APP_URL) or ""
    set_where_unset(APP_URL, served.app_address)
    set_where_unset(UI_URL, served.ui_address)
    home, machines = Path(prepare_home()), ManyMachines.from_environment()
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        main = None if machines is None else stack.enter_context(main_machine(machines))
        remarks = [] if machines is None else open_deployment(machines, store)
        access = _access(served, home)
        # The services keep the connection open, too: while one of them lives, no other `bmg ui` begins.
        kept = [] if main is None else [main.session.fileno()]
        services = stack.enter_context(running_services(home, kept=kept))
        scratch = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(serving_pages(web(access), served.host, served.pages_port))
        _start(services, served, Path(scratch), chosen)
        if main is not None:
            services.start("The worker of this machine", "bmg_assets.launch.worker")
        _greet(served, access)
        for remark in remarks:
            print(remark, flush=True)
        services.watch(main.check if main else lambda: None)


def _access(served: Served, home: Path) -> Access:
    try:
        return Access.of(served.host, home, served.hosts, served.user_header)
    except OSError as error:
        raise PagesError(f"The token in {home} cannot be kept ({error.strerror}); make the folder writable.") from error


def _start(services: Services, served: Served, scratch: Path, app_url: str) -> None:
    """Start the services, whose usual level of messages reports every few seconds that nothing is to be done.

    Args:
        app_url: address of the web application, where a person has said one.
    """
    address, workspace = scratch / "code", scratch / "workspace.yaml"
    workspace.write_text(WORKSPACE.format(socket=address, name=DEFINITIONS))
    quiet = ("--log-level", "warning")
    code = ("--socket", str(address), "--module-name", DEFINITIONS, "--location-name", DEFINITIONS)
    # It can load the definitions anew when a person asks for that in the UI, and says there what is wrong with them.
    services.start("The code server", "dagster", "code-server", "start", *code, *quiet)
    services.wait_for_file(address)
    services.start("Dagster's daemon", "bmg_assets.launch.daemon", "run", "--workspace", str(workspace), *quiet)
    where = ("--host", served.host, "--port", str(served.port), "--path-prefix", served.path_prefix)
    names = [f"--allow-host={name}" for name in served.hosts]
    if served.user_header is not None:
        names.append(f"--user-header={served.user_header}")
    web = "bmg_assets.launch.webserver"
    application = ("--app-port", str(served.pages_port), "--app-prefix", served.pages_prefix, "--app-url", app_url)
    services.start("The web server", web, "--workspace", str(workspace), *application, *where, *names)


def _greet(served: Served, access: Access) -> None:
    token = f"?{QUERY}={access.token}" if access.token else ""
    print(f"Dagster UI: {served.ui_address}{token}   at the bench: {served.app_address}{token}", flush=True)
    if not is_loopback(served.host):
        print(
            "Listening to the network: whoever has this token, or reads it there, can start, stop and delete "
            "everything here; docs/deployment.md says how to put encryption and passwords before it.",
            flush=True,
        )
    print("The Dagster UI is there within half a minute; only warnings and errors are written here.", flush=True)
    print(f"Casts go into {Locations.from_environment().lab / 'inbox'}. Ctrl-C ends it all.", flush=True)


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _check_free(host: str, port: int) -> None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            found = f"Port {port} is taken, perhaps by another Dagster UI; stop that, or choose --port."
        else:
            found = (
                f"The Dagster UI cannot listen at {host}:{port} ({error.strerror}); choose another --host or --port."
            )
        raise PagesError(found) from error

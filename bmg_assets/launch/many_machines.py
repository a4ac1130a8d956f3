"""What a deployment of many machines has beside one of one machine, seen from a command. Imports nothing of Celery."""

from bmg_assets.intake.inbox import LabInbox, LaboratoryNotThereError
from bmg_assets.intake.publishing import publish_settings
from bmg_assets.launch.database import check_database
from bmg_assets.launch.instance import deployment_instance
from bmg_assets.launch.shared_facts import SharedFacts
from bmg_assets.science.errors import BmgError
from bmg_assets.science.proposals.casting_practice import CastingPracticeError
from bmg_assets.settings import Locations, ManyMachines
from bmg_assets.store.record import Record
from bmg_assets.store.store import Store


def open_deployment(machines: ManyMachines, store: Store) -> list[str]:
    """Make this the main machine: the laboratory's settings and its facts go into the store.

    The facts come last, and no worker begins before they are there: each finds the settings as they are now. Workers
    that were started before the facts changed end when their runs have ended, and have to start again.

    Returns:
        What a person should know of it, a sentence each.

    Raises:
        DatabaseError, BrokerError: a server cannot be used.
        BmgError: a setting is wrong, or the store or the record cannot be written.
    """
    from bmg_assets.launch.left_behind import begin_anew
    from bmg_assets.launch.queues import app_of, no_worker, tasks_at_work

    remarks = list(check_database(machines))
    facts = SharedFacts.of_main_machine()
    waiting = no_worker(machines, facts)
    remarks += _publish_settings(store)
    app = app_of(machines, facts.queue)
    if facts.write(store):
        app.control.shutdown()
        remarks.append(
            "The code, the settings or the literature's declarations are not what they were: workers end when their "
            "runs have ended, and are to be started again, which systemd does. Runs that waited are begun anew."
        )
    with deployment_instance() as instance:
        begin_anew(instance, facts.queue, tasks_at_work(app))
    return remarks + ([waiting] if waiting else [])


def _publish_settings(store: Store) -> list[str]:
    """Publish the laboratory's settings, which may have changed while no `bmg ui` was at work; why not, if not."""
    places = Locations.from_environment()
    try:
        LabInbox(root=str(places.lab), record=Record(url=places.record_url)).check_there()
        publish_settings(places.lab, store)
    except (LaboratoryNotThereError, CastingPracticeError) as error:
        return [f"The laboratory's settings were not published, the workers have the last ones: {error}"]
    return []


def who_works(store: Store) -> str | None:
    """What to say where runs wait because nobody works; None where somebody does, and on a single machine."""
    machines = ManyMachines.from_environment()
    if machines is None:
        return None
    from bmg_assets.launch.queues import no_worker

    try:
        return no_worker(machines, SharedFacts.read(store))
    except BmgError as error:
        return str(error)

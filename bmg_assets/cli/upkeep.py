"""Keeping a deployment whole: is it as it was written, backups, and restoring from them."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from bmg_assets.cli.shared import JsonOption, print_objects, stoppable


def verify(
    mend: Annotated[bool, typer.Option("--mend", help="Write anew what has a second copy.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check every file of the record, the store and Dagster's storage; exit code 1 if something is wrong."""
    from bmg_assets.build import build_resources
    from bmg_assets.cli.terminal.progress_bars import showing_count
    from bmg_assets.settings import Locations
    from bmg_assets.upkeep.verify import mend as mend_all
    from bmg_assets.upkeep.verify import verify as verify_all

    places = Locations.from_environment()
    with stoppable("`bmg verify` begins anew"), showing_count("verify") as progress:
        mended = mend_all(places) if mend else []
        chain = build_resources()["system_chain"]
        findings = list(verify_all(places, chain, _systems_at_work(places), progress))
    if as_json:
        print_objects([asdict(one) for one in findings])
    else:
        for path in mended:
            typer.echo(f"Written anew: {path}")
        for one in findings:
            typer.echo(f"{one.file} {one.what}: {one.remedy}.")
        if not findings:
            typer.echo("Every file of the record, the store and Dagster's storage is as it was written.")
    if findings:
        raise typer.Exit(1)


def _systems_at_work(places: Any) -> list[str]:
    """Systems that a run is at work on; none where there is no Dagster storage that can be read."""
    from bmg_assets.execution.claims import systems_with_a_run
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.upkeep.dagster_check import findings_of_dagster

    if not places.dagster_home.exists() or any(findings_of_dagster(places.dagster_home)):
        return []
    with deployment_instance() as instance:
        return list(systems_with_a_run(instance))


def backup(
    target: Annotated[str, typer.Argument(help="A folder, a URL like s3://bucket/backup, or a .zip or .tar.zst file.")],
) -> None:
    """Back up what cannot be made again: the record, the laboratory's folder, literature, settings and systems.

    The store, the downloads and Dagster's run history are not in it. A folder or a URL keeps every snapshot, and each
    copies only what is new.
    """
    from bmg_assets.cli.terminal.progress_bars import showing_count
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.partitions import registered_everywhere
    from bmg_assets.settings import Locations
    from bmg_assets.store.record import Record
    from bmg_assets.upkeep.backup import back_up
    from bmg_assets.upkeep.dagster_check import findings_of_dagster
    from bmg_assets.upkeep.record_check import findings_of_record

    places = Locations.from_environment()
    with stoppable("`bmg backup` goes on with what is missing"), showing_count("backup") as progress:
        damaged, systems = list(findings_of_dagster(places.dagster_home)), None
        if not damaged:
            with deployment_instance() as instance:
                systems = registered_everywhere(instance)
        done = back_up(places, systems, target, progress)
        damaged += findings_of_record(Record(url=places.record_url), places.lab)
    snapshot = done.snapshot
    size = sum(file.size for file in snapshot.files) / 1e6
    typer.echo(
        f"Snapshot {snapshot.name} in {target}: {len(snapshot.files)} files ({size:.1f} MB), {done.copied} of them new "
        f"there, and {sum(map(len, snapshot.systems.values()))} registered systems and maps."
    )
    typer.echo("Not in it: the store, the downloads and Dagster's run history, which are made again.")
    for name in done.left_out:
        typer.echo(f"Left out, because other file systems refuse the name: {name!r}.", err=True)
    if damaged:
        typer.echo(f"{len(damaged)} files of the deployment are damaged; `bmg verify` says what to do.", err=True)
    if damaged or done.left_out:
        raise typer.Exit(1)


def restore(
    source: Annotated[str, typer.Argument(help="The folder, URL or archive of the backup.")],
    snapshot: Annotated[str | None, typer.Option(help="The name of a snapshot; the newest by default.")] = None,
    only_list: Annotated[bool, typer.Option("--list", help="List the snapshots and change nothing.")] = False,
    only_check: Annotated[bool, typer.Option("--check", help="Read and check all of it and change nothing.")] = False,
) -> None:
    """Restore a deployment from a backup, into an empty machine or beside the same record; nothing is overwritten.

    All of the backup is unpacked and checked before anything is changed.
    """
    from bmg_assets.cli.terminal.progress_bars import showing_count
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.partitions import DIMENSION, register_again, registered_systems
    from bmg_assets.settings import Locations
    from bmg_assets.store.record import Record
    from bmg_assets.upkeep.record_check import findings_of_record
    from bmg_assets.upkeep.restore import check, names_in
    from bmg_assets.upkeep.restore import restore as restore_files

    if only_list:
        for name in names_in(source):
            typer.echo(name)
        return
    places = Locations.from_environment()
    if only_check:
        with stoppable("the same command begins anew"), showing_count("check") as progress:
            whole = check(places, source, snapshot, progress)
        typer.echo(f"Snapshot {whole.name} is whole: {len(whole.files)} files, each as it was backed up.")
        return
    with stoppable("the same command goes on"), showing_count("restore") as progress:
        done = restore_files(places, source, snapshot, progress)
        with deployment_instance() as instance:
            left_out = register_again(instance, done.snapshot.systems)
            systems = registered_systems(instance, DIMENSION)
        damaged = list(findings_of_record(Record(url=places.record_url), places.lab))
    typer.echo(f"Snapshot {done.snapshot.name}: {done.placed} of {len(done.snapshot.files)} files were written.")
    for path in done.set_aside:
        typer.echo(f"What was there before is now {path}.")
    for path in done.kept:
        typer.echo(f"Kept as it is here, though the backup has it otherwise: {path}.")
    for key, reason in left_out.items():
        typer.echo(f"Not registered: {key} ({reason})", err=True)
    typer.echo(f"Registered systems: {', '.join(systems) or 'none'}.")
    typer.echo("To go on: `bmg rebuild` fills the store, `bmg ui` takes casts in and trains at night.")
    for one in damaged:
        typer.echo(f"{one.file} {one.what}: {one.remedy}.", err=True)
    if damaged or left_out:
        raise typer.Exit(1)


def rebuild(
    lab: Annotated[bool, typer.Option("--lab", help="Only fill the laboratory's folder of accepted files.")] = False,
    history_only: Annotated[
        bool, typer.Option("--history-only", help="Only the tables of casts and rounds; the night trains.")
    ] = False,
) -> None:
    """Make the store anew from the record: casts and rounds, then the literature, then each system trained."""
    from bmg_assets.build import build_resources
    from bmg_assets.cli.shared import at_work
    from bmg_assets.launch.instance import deployment_instance
    from bmg_assets.launch.runs import ensure_literature, run_system
    from bmg_assets.partitions import usable_systems
    from bmg_assets.upkeep.rebuild import rebuild_history, register_recorded_systems

    resources = build_resources()
    store, record, inbox = (resources[name] for name in ("store", "record", "lab_inbox"))
    if lab:
        typer.echo(f"{inbox.fill_from_record()} accepted files were written to {inbox.accepted_folder}.")
        return
    store.check_format()
    with deployment_instance() as instance, at_work("`bmg rebuild` begins anew, and the night goes on, too"):
        for system in register_recorded_systems(instance, record):
            typer.echo(f"{system} is registered again.")
        for system in rebuild_history(store, record, inbox):
            typer.echo(f"{system}: casts and rounds are there.")
        systems = usable_systems(instance)
        if history_only or not systems:
            typer.echo("The night trains what is registered." if systems else "No system is registered.")
            return
        ensure_literature(instance, store)
        for number, system in enumerate(systems, start=1):
            typer.echo(f"{system}, {number} of {len(systems)} systems to train")
            run_system(instance, system)

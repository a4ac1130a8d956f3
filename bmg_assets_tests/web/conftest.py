"""The application of a deployment of a test, and a person who visits it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from typing import Any

import dagster as dg
import pytest

from bmg_assets.build import build_resources
from bmg_assets.launch.access import Access
from bmg_assets.web.app import web_app
from bmg_assets.web.site import Site, site_of
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.launch.asking import served
from bmg_assets_tests.web.visitor import Visitor

ACCESS = Access(frozenset({"127.0.0.1"}))
Visit = Callable[..., Visitor]


def site_of_test(deployment: Deployment, instance: dg.DagsterInstance, **facts: Any) -> Site:
    """The site of a deployment, whose environment is set."""
    site = site_of(build_resources(), facts.pop("access", ACCESS), facts.pop("prefix", ""))
    return replace(site, instance=lambda: nullcontext(instance), **facts)


@pytest.fixture
def visit(instance: dg.DagsterInstance) -> Iterator[Visit]:
    """Serves the application of a deployment for as long as the test lasts; what it answers is a visitor."""
    with ExitStack() as stack:

        def visitor(deployment: Deployment, **facts: Any) -> Visitor:
            stack.enter_context(deployment.environment())
            site = site_of_test(deployment, deployment.instance, **facts)
            return Visitor(stack.enter_context(served(web_app(site))))

        yield visitor

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.batch.batch import run_batch
from pipeline.batch.engines.choose import choose
from pipeline.batch.engines.cluster import Cluster, spread
from pipeline.batch.engines.worker import Place
from pipeline.batch.setting import open_setting
from pipeline.batch.task import Task
from pipeline.errors import UsageError
from pipeline.report.row import Status
from pipeline.study import Case, Study
from pipeline.workspace import Workspace
from tests import bundles
from tests.batch.engines.kill import killer
from tests.batch.engines.test_processes import assert_same_files
from tests.batch.test_batch import Silent, run
from tests.conftest import write_study

ROOT = Path(__file__).parents[3]
# Ray leaves sockets and processes to be collected, which is its own affair.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A real cluster of two nodes of one core each, on this machine."""
    pytest.importorskip("ray", reason="needs Ray: pip install tessera-mri[ray]")
    from ray.cluster_utils import Cluster as LocalCluster

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    memory = 100 * 2**20
    cluster = LocalCluster(
        initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": memory}
    )
    cluster.add_node(num_cpus=1, object_store_memory=memory)
    yield cluster.address
    cluster.shutdown()


def test_workers_go_by_what_the_nodes_have() -> None:
    large, small = {"CPU": 4.0, "memory": 7 * 2.0**30}, {"CPU": 2.0, "memory": 64 * 2.0**30}
    head, card = {"memory": 2.0**36}, {"CPU": 8.0, "GPU": 1.0, "memory": 2.0**36}
    assert spread([large, small, head, card]) == [2, 1, 8, 2, 1]
    assert spread([{"CPU": 3.0}]) == [3], "what is not said of memory grants one"


@pytest.mark.slow
def test_two_workers_one_of_them_killed_give_the_same_bits(
    small_workspace: Workspace, tmp_path: Path, address: str
) -> None:
    for name in ("first", "second", "third", "fourth"):
        write_study(tmp_path / "dicom", name)
    broken = write_study(tmp_path / "dicom", "broken")
    for path in sorted(broken.rglob("*.dcm"))[10::24]:
        path.unlink()
    marker = tmp_path / "killed"
    shutil.rmtree(small_workspace.modules / "tissue")
    bundles.write_bundle(
        small_workspace.modules / "tissue", code=killer(marker), parameters={"threshold": 500.0}
    )
    setting = open_setting(small_workspace)
    place = Place(str(small_workspace.root), str(tmp_path / "out"), setting.lock, 1)
    engine = Cluster(place, 2, address)
    done = run_batch([tmp_path / "dicom"], tmp_path / "out", setting, Silent(), engine)
    assert int(marker.stat().st_size) == 0, "a worker was killed"
    assert sorted(row.status for row in done.rows) == sorted([Status.DONE] * 4 + [Status.FAILED])
    shutil.rmtree(small_workspace.cache)
    alone = run(small_workspace, tmp_path / "dicom", tmp_path / "alone")
    assert [(row.pseudonym, row.code) for row in alone.rows] == [
        (row.pseudonym, row.code) for row in done.rows
    ]
    assert_same_files(tmp_path / "alone", tmp_path / "out")


def test_an_address_without_the_engine_is_not_ignored(
    small_workspace: Workspace, tmp_path: Path
) -> None:
    place = Place(str(small_workspace.root), str(tmp_path), "", 1)
    with pytest.raises(UsageError, match="head:6379"):
        choose("local", 1, "head:6379", place, open_setting(small_workspace))


def test_no_cluster_at_the_address_is_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs Ray: pip install tessera-mri[ray]")
    case = Case(Study("1.2", ()), {}, ())
    engine = Cluster(Place(str(tmp_path), str(tmp_path), "", 1), 1, "127.0.0.1:1")
    with pytest.raises(UsageError, match="No Ray cluster answers"):
        list(engine.run([Task(0, case, "study-0", "")]))

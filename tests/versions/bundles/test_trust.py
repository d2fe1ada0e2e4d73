from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import BundleError, TrustError
from pipeline.versions.bundles.trust import executable_parts, require_trust

Make = Callable[..., Path]


def with_config(bundle: Path, document: object) -> Path:
    (bundle / "configs" / "inference.json").write_text(json.dumps(document))
    return bundle


def test_plain_classes_of_monai_and_torch_need_no_trust(make_bundle: Make, tmp_path: Path) -> None:
    network = {"_target_": "monai.networks.nets.UNet", "channels": [16, 32], "act": {"name": "x"}}
    layer = {"_target_": "torch.nn.Identity"}
    bundle = with_config(
        make_bundle(tmp_path / "tumour"), {"network_def": network, "post": [layer]}
    )
    assert executable_parts(bundle) == ()
    require_trust(bundle, trusted=False)


@pytest.mark.parametrize(
    "value",
    [
        "$import os",
        "$@network_def.eval()",
        "%other.json::key",
        {"_target_": "os.system", "command": "true"},
        {"_target_": "builtins.eval", "source": "1"},
        {"_target_": "monai.networks.nets.unet.warnings.sys.exit"},
        {"_target_": "monai.networks.nets.UNet\n"},
        {"_target_": ["os.system"]},
        {"_target_": "BundleAlgo"},
        {"_target_": "monai.transforms.LoadImage"},
        {"_target_": "monai.transforms.SaveImaged", "keys": "pred"},
        {"_target_": "monai.transforms.Lambdad", "keys": "image"},
        {"_target_": "monai.transforms.MapLabelValued", "keys": "image", "dtype": "str"},
        {"_target_": "monai.transforms.TorchIOd", "name": "RescaleIntensity"},
        {"_target_": "monai.transforms.WriteFileMappingd", "keys": "image"},
        {"_target_": "monai.networks.nets.MILModel", "num_classes": 2},
        {"_target_": "monai.networks.nets.HoVerNet", "pretrained_url": "http://example.org/w"},
        {"_target_": "monai.networks.nets.DenseNet121", "pretrained": True},
        {"_target_": "monai.networks.nets.DenseNet121", "pretrained": "@yes"},
        {"_target_": "monai.networks.nets.UNet", "_mode_": "debug"},
        {"_target_": "monai.transforms.Zoomd", "keys": "image", "deep": {"output_dir": "/"}},
        {"_target_": "monai.inferers.PatchInferer", "merger_cls": "ZarrAvgMerger"},
        {"nested": [{"deep": "$1 + 1"}]},
    ],
)
def test_whatever_monai_would_execute_needs_trust(
    make_bundle: Make, tmp_path: Path, value: object
) -> None:
    bundle = with_config(make_bundle(tmp_path / "tumour"), {"anything": value})
    assert len(executable_parts(bundle)) == 1
    with pytest.raises(TrustError, match=r"configs/inference\.json") as caught:
        require_trust(bundle, trusted=False)
    assert "--trust" in caught.value.remedy
    require_trust(bundle, trusted=True)


def test_an_argument_that_is_switched_off_needs_no_trust(make_bundle: Make, tmp_path: Path) -> None:
    network = {"_target_": "monai.networks.nets.DenseNet121", "pretrained": False}
    hover = {"_target_": "monai.networks.nets.HoVerNet", "pretrained_url": None}
    plain = [{**network, "_mode_": "default"}, hover, {"output_dir": "nobody's argument"}]
    assert executable_parts(with_config(make_bundle(tmp_path / "tumour"), plain)) == ()


@pytest.mark.parametrize("file", ["predict.py", "scripts/deep/tool.py", "configs/train.yaml"])
def test_code_and_yaml_need_trust_wherever_they_lie(
    make_bundle: Make, tmp_path: Path, file: str
) -> None:
    bundle = make_bundle(tmp_path / "tumour")
    (bundle / file).parent.mkdir(parents=True, exist_ok=True)
    (bundle / file).write_text("")
    assert executable_parts(bundle) == (file,)


def test_files_of_code_are_named_before_expressions(make_bundle: Make, tmp_path: Path) -> None:
    bundle = with_config(make_bundle(tmp_path / "tumour", code=""), {"anything": "$1"})
    assert executable_parts(bundle) == ("predict.py", "configs/inference.json: $1")


@pytest.mark.parametrize("text", ["{", "[" * 100_000])
def test_a_configuration_that_is_no_json_is_refused(
    make_bundle: Make, tmp_path: Path, text: str
) -> None:
    bundle = make_bundle(tmp_path / "tumour")
    (bundle / "configs" / "inference.json").write_text(text)
    with pytest.raises(BundleError, match="no JSON"):
        executable_parts(bundle)

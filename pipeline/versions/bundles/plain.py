"""Which of MONAI's and PyTorch's own classes only compute: all they do is arithmetic on arrays.

Every name is written out. The same packages hold classes that read and unpickle files, write them,
fetch weights from the network, compile, or call whatever function they are given.
"""

from __future__ import annotations

import re

NETWORKS = """
    AttentionUnet AutoEncoder BasicUNet BasicUNetPlusPlus BasicUnet Classifier Critic DenseNet
    DenseNet121 DenseNet169 DenseNet201 DenseNet264 DiNTS Discriminator DynUNet DynUnet
    FlexibleUNet FullyConnectedNet Generator HighResNet HoVerNet MedNeXt RegUNet Regressor ResNet
    SegResNet SegResNetDS SegResNetDS2 SegResNetVAE SwinUNETR UNETR UNet Unet VNet VarAutoEncoder
    VarFullyConnectedNet ViT ViTAutoEnc
"""
INFERERS = "SimpleInferer SliceInferer SlidingWindowInferer SlidingWindowInfererAdapt"
# Each on an array; with a d behind its name, on an entry of a dictionary.
TRANSFORMS = """
    AdjustContrast ClipIntensityPercentiles GaussianSharpen GaussianSmooth HistogramNormalize
    MaskIntensity MedianSmooth NormalizeIntensity SavitzkyGolaySmooth ScaleIntensity
    ScaleIntensityRange ScaleIntensityRangePercentiles ShiftIntensity StdShiftIntensity
    ThresholdIntensity
    Affine Flip Orientation Resize Rotate Rotate90 Spacing Transpose Zoom
    BorderPad CenterScaleCrop CenterSpatialCrop CropForeground DivisiblePad ResizeWithPadOrCrop
    SpatialCrop SpatialPad
    AsChannelLast CastToType EnsureChannelFirst EnsureType Identity RemoveRepeatedChannel
    RepeatChannel SplitDim SqueezeDim ToDevice ToNumpy ToTensor
    Activations AsDiscrete ConvertToMultiChannelBasedOnBratsClasses FillHoles
    KeepLargestConnectedComponent LabelFilter LabelToContour MeanEnsemble RemoveSmallObjects
    VoteEnsemble
"""
DICTIONARIES = "ConcatItemsd CopyItemsd DeleteItemsd Invertd SelectItemsd"
TARGETS = frozenset(
    [
        *(f"monai.networks.nets.{name}" for name in NETWORKS.split()),
        *(f"monai.inferers.{name}" for name in INFERERS.split()),
        *(f"monai.transforms.{name}{form}" for name in TRANSFORMS.split() for form in ("", "d")),
        *(f"monai.transforms.{name}" for name in ("Compose", *DICTIONARIES.split())),
    ]
)
LAYER = re.compile(r"torch\.nn\.[A-Z]\w*")
# Arguments that name a file or an address, or are called: the classes above take some of them.
ARGUMENT = re.compile(
    r"pretrained.*|.*(url|file|filename|path|dir|folder)|reader|writer|allow_pickle|func|log_stats"
    r"|_debug_"
)


def is_plain_target(name: object) -> bool:
    """Say whether ``_target_`` is the full path of a class that only computes."""
    return isinstance(name, str) and (name in TARGETS or LAYER.fullmatch(name) is not None)


def is_plain_argument(name: str, value: object) -> bool:
    """Say whether an argument of such a class leaves it one that only computes."""
    if name == "_mode_":  # another makes a function of the class, or stops in a debugger
        return value == "default"
    return value is None or value is False or not ARGUMENT.fullmatch(name)

"""Functional groups of an enhanced MR object: what all frames share, and where each frame lies."""

from __future__ import annotations

from pydicom.dataset import Dataset

from pipeline.demo.header import Identity, coded, decimal
from pipeline.demo.stack import Stack

STACK = "1"
# Acquisition Contrast by kind of sequence, defined terms of PS3.3 C.8.13.3.3.2.
CONTRASTS = {"IR": "FLUID_ATTENUATED", "GR": "T1", "SE": "T2"}


def shared_groups(identity: Identity, stack: Stack) -> Dataset:
    """Shared Functional Groups item; PS3.3 C.8.13.5 for the macros of MR."""
    groups = Dataset()
    groups.PixelMeasuresSequence = [_measures(stack)]
    groups.PlaneOrientationSequence = [
        _item(ImageOrientationPatient=decimal(stack.directions[:, :2].T.ravel()))
    ]
    anatomy = _item(FrameLaterality="U", AnatomicRegionSequence=[coded("12738006", "SCT", "Brain")])
    groups.FrameAnatomySequence = [anatomy]
    value = _item(RescaleIntercept=0, RescaleSlope=1, RescaleType="US")
    groups.PixelValueTransformationSequence = [value]
    white = identity.plan.machine.white
    groups.FrameVOILUTSequence = [
        _item(WindowCenter=round(0.9 * white), WindowWidth=round(1.8 * white))
    ]
    _physics(groups, identity)
    _geometry(groups, stack)
    _coils(groups)
    if identity.scan.weighting.sequence.agent:
        usage = _item(ContrastBolusAgentNumber=1, ContrastBolusAgentAdministered="YES")
        usage.ContrastBolusAgentDetected, usage.ContrastBolusAgentPhase = "YES", "POST_CONTRAST"
        groups.ContrastBolusUsageSequence = [usage]
    return groups


def frame_groups(stack: Stack, index: int, acquired: str) -> Dataset:
    """Per-frame Functional Groups item of slice `index`, from 0."""
    content = _item(FrameAcquisitionNumber=1, StackID=STACK, InStackPositionNumber=index + 1)
    content.DimensionIndexValues = [1, index + 1]
    content.FrameReferenceDateTime = content.FrameAcquisitionDateTime = acquired
    content.FrameAcquisitionDuration = 240.0
    groups = Dataset()
    groups.FrameContentSequence = [content]
    groups.PlanePositionSequence = [_item(ImagePositionPatient=decimal(stack.position(index)))]
    return groups


def _measures(stack: Stack) -> Dataset:
    return _item(
        PixelSpacing=decimal(stack.steps[:2]),
        SliceThickness=decimal(stack.lengths)[0],
        SpacingBetweenSlices=decimal(stack.lengths)[1],
    )


def _physics(groups: Dataset, identity: Identity) -> None:
    """Frame type, timing, echo and what modifies contrast."""
    weighting = identity.scan.weighting
    sequence = weighting.sequence
    frame_type = _item(FrameType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"])
    frame_type.AcquisitionContrast = CONTRASTS[sequence.kind]
    frame_type.PixelPresentation, frame_type.VolumetricProperties = "MONOCHROME", "VOLUME"
    frame_type.VolumeBasedCalculationTechnique = "NONE"
    frame_type.ComplexImageComponent = "MAGNITUDE"
    groups.MRImageFrameTypeSequence = [frame_type]
    timing = _item(RepetitionTime=sequence.repetition_ms, FlipAngle=weighting.flip_degrees)
    timing.EchoTrainLength = timing.RFEchoTrainLength = weighting.echo_train
    timing.GradientEchoTrainLength = 1 if sequence.kind == "GR" else 0
    timing.GradientOutputType, timing.GradientOutput = "DB_DT", 0.0
    timing.OperatingModeSequence = [_item(OperatingModeType="RF", OperatingMode="IEC_NORMAL")]
    timing.SpecificAbsorptionRateSequence = [
        _item(SpecificAbsorptionRateDefinition="IEC_HEAD", SpecificAbsorptionRateValue=0.5)
    ]
    groups.MRTimingAndRelatedParametersSequence = [timing]
    groups.MREchoSequence = [_item(EffectiveEchoTime=sequence.echo_ms)]
    groups.MRModifierSequence = [_modifier(sequence.inversion_ms, sequence.kind == "GR")]
    imaging = _item(MagnetizationTransfer="NONE", BloodSignalNulling="NO", Tagging="NONE")
    imaging.TransmitterFrequency, imaging.PixelBandwidth = 42.577 * sequence.tesla, 200.0
    groups.MRImagingModifierSequence = [imaging]
    groups.MRAveragesSequence = [_item(NumberOfAverages=1)]


def _modifier(inversion_ms: float, spoiled: bool) -> Dataset:
    modifier = _item(InversionRecovery="YES" if inversion_ms else "NO")
    if inversion_ms:
        modifier.InversionTimes = inversion_ms
    modifier.FlowCompensation, modifier.Spoiling = "NONE", "RF" if spoiled else "NONE"
    modifier.T2Preparation, modifier.SpectrallySelectedExcitation = "NO", "NONE"
    modifier.SpatialPresaturation, modifier.PartialFourier = "NONE", "NO"
    modifier.ParallelAcquisition = "NO"
    return modifier


def _geometry(groups: Dataset, stack: Stack) -> None:
    geometry = _item(
        InPlanePhaseEncodingDirection="ROW", MRAcquisitionFrequencyEncodingSteps=stack.columns
    )
    geometry.MRAcquisitionPhaseEncodingStepsInPlane = stack.rows
    geometry.MRAcquisitionPhaseEncodingStepsOutOfPlane = stack.slices
    geometry.PercentSampling = geometry.PercentPhaseFieldOfView = 100
    groups.MRFOVGeometrySequence = [geometry]


def _coils(groups: Dataset) -> None:
    receive = _item(
        ReceiveCoilName="HEAD", ReceiveCoilManufacturerName="", ReceiveCoilType="VOLUME"
    )
    receive.QuadratureReceiveCoil = "YES"
    groups.MRReceiveCoilSequence = [receive]
    transmit = _item(
        TransmitCoilName="BODY", TransmitCoilManufacturerName="", TransmitCoilType="BODY"
    )
    groups.MRTransmitCoilSequence = [transmit]


def _item(**attributes: object) -> Dataset:
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return item

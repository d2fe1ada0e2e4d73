"""Enhanced MR Image Storage: a whole series as the frames of one object; PS3.3 A.36."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import EnhancedMRImageStorage

from pipeline.demo.enhanced_groups import CONTRASTS, frame_groups, shared_groups
from pipeline.demo.header import DATE, Identity, coded, common, store_pixels, uid
from pipeline.demo.stack import Stack


def multiframe(identity: Identity, stack: Stack, pixels: NDArray[np.uint16]) -> Dataset:
    """One object of all slices; `pixels` has shape (slice, row, column)."""
    instance = uid(identity.series_entropy, "instance", "1")
    dataset = common(identity, EnhancedMRImageStorage, instance, 1)
    dataset.InstanceNumber = 1
    _image(dataset, identity)
    _pulse_sequence(dataset, identity)
    _dimension(dataset, identity)
    if dataset.get("ContrastBolusAgent"):
        _contrast(dataset)
    dataset.NumberOfFrames = len(pixels)
    store_pixels(dataset, pixels, identity)
    dataset.SharedFunctionalGroupsSequence = [shared_groups(identity, stack)]
    dataset.PerFrameFunctionalGroupsSequence = [
        frame_groups(stack, index, dataset.AcquisitionDateTime) for index in range(len(pixels))
    ]
    return dataset


def _image(dataset: Dataset, identity: Identity) -> None:
    """Enhanced MR Image module, common to all frames."""
    dataset.AcquisitionDateTime = DATE + dataset.AcquisitionTime
    del dataset.AcquisitionDate, dataset.AcquisitionTime
    dataset.AcquisitionDuration, dataset.AcquisitionNumber = 240.0, 1
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    dataset.PixelPresentation, dataset.VolumetricProperties = "MONOCHROME", "VOLUME"
    dataset.VolumeBasedCalculationTechnique = "NONE"
    dataset.ComplexImageComponent = "MAGNITUDE"
    dataset.AcquisitionContrast = CONTRASTS[identity.scan.weighting.sequence.kind]
    dataset.ContentQualification, dataset.ResonantNucleus = "RESEARCH", "1H"
    dataset.KSpaceFiltering, dataset.ApplicableSafetyStandardAgency = "NONE", "IEC"
    dataset.BurnedInAnnotation, dataset.LossyImageCompression = "NO", "00"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.AcquisitionContextSequence = []


def _pulse_sequence(dataset: Dataset, identity: Identity) -> None:
    """MR Pulse Sequence module."""
    weighting = identity.scan.weighting
    gradient = weighting.sequence.kind == "GR"
    dataset.PulseSequenceName = weighting.sequence_name
    dataset.MRAcquisitionType = weighting.acquisition_type
    dataset.EchoPulseSequence = "GRADIENT" if gradient else "SPIN"
    if not gradient:
        dataset.MultipleSpinEcho = "NO"
    dataset.MultiPlanarExcitation, dataset.PhaseContrast = "NO", "NO"
    dataset.TimeOfFlightContrast = "NO"
    dataset.SteadyStatePulseSequence = "LONGITUDINAL" if gradient else "NONE"
    dataset.EchoPlanarPulseSequence, dataset.SaturationRecovery = "NO", "NO"
    dataset.SpectrallySelectedSuppression = "NONE"
    dataset.OversamplingPhase = "NONE"
    dataset.GeometryOfKSpaceTraversal = "RECTILINEAR"
    dataset.RectilinearPhaseEncodeReordering = "LINEAR"
    dataset.SegmentedKSpaceTraversal = "SINGLE" if gradient else "PARTIAL"
    dataset.NumberOfKSpaceTrajectories = 1
    if weighting.acquisition_type == "3D":
        dataset.CoverageOfKSpace = "FULL"


def _dimension(dataset: Dataset, identity: Identity) -> None:
    """Multi-frame Dimension module: frames are stacked by position."""
    organisation = uid(identity.series_entropy, "dimension")
    dataset.DimensionOrganizationSequence = [Dataset()]
    dataset.DimensionOrganizationSequence[0].DimensionOrganizationUID = organisation
    indices = []
    for keyword in (0x00209056, 0x00209057):
        index = Dataset()
        index.DimensionOrganizationUID = organisation
        index.DimensionIndexPointer, index.FunctionalGroupPointer = keyword, 0x00209111
        indices.append(index)
    dataset.DimensionIndexSequence = indices


def _contrast(dataset: Dataset) -> None:
    """Enhanced Contrast/Bolus module, in place of the classic agent."""
    del dataset.ContrastBolusAgent
    agent = coded("768763008", "SCT", "Gadolinium-containing product")
    agent.ContrastBolusAgentNumber = 1
    agent.ContrastBolusIngredientCodeSequence = [coded("58281002", "SCT", "Gadolinium")]
    agent.ContrastBolusAdministrationRouteSequence = [coded("47625008", "SCT", "Intravenous route")]
    agent.ContrastBolusIngredientConcentration = 500.0
    agent.ContrastBolusVolume, agent.ContrastBolusIngredientOpaque = 15.0, "NO"
    dataset.ContrastBolusAgentSequence = [agent]

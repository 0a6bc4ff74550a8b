"""DLPFC Segmenter: a module of 3D Slicer. The code is in `DLPFCSegmenterLib`."""

import slicer
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin


class DLPFCSegmenter(ScriptedLoadableModule):
    """What Slicer shows of the module before it is opened."""

    def __init__(self, parent):
        from DLPFCSegmenterLib.application.translation import speak_as_slicer
        from DLPFCSegmenterLib.sentences import tr as _

        ScriptedLoadableModule.__init__(self, parent)
        speak_as_slicer()
        parent.title = _("DLPFC Segmenter")
        parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        parent.dependencies = ["Markups", "Segmentations", "SubjectHierarchy", "Terminologies", "Volumes"]
        parent.contributors = ["DLPFC Segmenter contributors"]
        parent.helpText = _(
            "Finds the dorsolateral prefrontal cortex (DLPFC) in a T1-weighted MRI with a Mask R-CNN, marks the "
            "stimulation target at its centroid and the landmark of the 5-cm rule on the scalp.<br>"
            "<b>Research use only. Not a medical device; not for diagnosis or treatment.</b>"
        )
        parent.acknowledgementText = _(
            "The network is torchvision's Mask R-CNN. The sources of its training data and their terms are in the "
            "model card."
        )
        if hasattr(slicer.modules, "terminologies"):  # added to a Slicer that runs
            self._load_terminology()
        else:
            slicer.app.connect("startupCompleted()", self._load_terminology)

    def _load_terminology(self) -> None:
        """Offer the DLPFC's code in Slicer's terminology selector."""
        path = self.resourcePath("Terminology/DLPFC.term.json")
        slicer.modules.terminologies.logic().LoadTerminologyFromFile(path)


class DLPFCSegmenterWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The module's panel; its sections are in `DLPFCSegmenterLib.application`."""

    def __init__(self, parent=None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic = None
        self.panel = None
        self._content = None

    def setup(self) -> None:
        """Build the panel when the module is first opened."""
        from DLPFCSegmenterLib.application.translation import speak_as_slicer, ui_file

        speak_as_slicer()
        from DLPFCSegmenterLib.application.panel import Panel

        ScriptedLoadableModuleWidget.setup(self)
        self._content = slicer.util.loadUI(ui_file(self.resourcePath("UI/DLPFCSegmenter.ui")))
        self.layout.addWidget(self._content)
        self.ui = slicer.util.childWidgetVariables(self._content)
        self._content.setMRMLScene(slicer.mrmlScene)
        self.logic = DLPFCSegmenterLogic()
        self.panel = Panel(self.ui, self.logic)
        if self.parent.isEntered:  # reloaded
            self.enter()

    def cleanup(self) -> None:
        """Slicer is closing or the module is being reloaded, which only hides what it was."""
        self.removeObservers()
        if self.panel:
            self.panel.forget_scene()
            self.panel.removeObservers()
            self._content.deleteLater()
        self.panel = self.ui = self.logic = self._content = None

    def enter(self) -> None:
        """The user came to the module."""
        self.panel.open()  # first: the Segment Editor's lists, which choose a node of their own, then hear before us
        scene = slicer.mrmlScene
        if not self.hasObserver(scene, scene.StartCloseEvent, self.onSceneStartClose):
            self.addObserver(scene, scene.StartCloseEvent, self.onSceneStartClose)
            self.addObserver(scene, scene.EndCloseEvent, self.onSceneChanged)
            self.addObserver(scene, scene.EndImportEvent, self.onSceneChanged)

    def exit(self) -> None:
        """The user went to another module; a run goes on."""
        if self.panel:
            self.panel.close()

    def onSceneStartClose(self, caller=None, event=None) -> None:
        """The nodes are about to go."""
        self.panel.forget_scene()

    def onSceneChanged(self, caller=None, event=None) -> None:
        """The scene was emptied, or another one was loaded."""
        if self.parent.isEntered:
            self.panel.open()

    def onReload(self) -> None:
        """Developer's button: read the library's files again too."""
        from DLPFCSegmenterLib.application.environment import forget_library

        forget_library()
        ScriptedLoadableModuleWidget.onReload(self)


class DLPFCSegmenterLogic(ScriptedLoadableModuleLogic):
    """The module without its panel, for scripts.

    >>> logic = slicer.util.getModuleLogic("DLPFCSegmenter")
    >>> plan, sides = logic.segment(volumeNode)
    """

    makeProcess = None
    """What runs a job in place of the processes of `application.jobs.process`, if set: a remote machine, a test."""

    _warmWorker = None
    """The worker that stays, of all instances: panel, batch and scripts share what it has imported and seen."""

    def getParameterNode(self):
        """The panel's choices, typed (`application.parameters.PanelParameters`)."""
        from DLPFCSegmenterLib.application.parameters import PanelParameters

        return PanelParameters(super().getParameterNode())

    def start(self, volumeNode, options, listener, folder=None):
        """Start a worker that plans on a volume node, and writes the results into a folder where one is given.

        Returns the `application.jobs.run.Run` at once.
        """
        from DLPFCSegmenterLib import tasks
        from DLPFCSegmenterLib.application.jobs.run import Run
        from DLPFCSegmenterLib.worker import Call

        to_folder = Call(tasks.plan_scan_to_folder, options=options, folder=folder)
        call = Call(tasks.plan_scan, options=options) if folder is None else to_folder
        return Run(volumeNode, call, listener, self._process_factory(call))

    def startByHand(self, volumeNode, options, listener):
        """Start a worker that lays out what the scan shows, for a mask or a target by hand; the `jobs.run.Run`."""
        from DLPFCSegmenterLib import tasks
        from DLPFCSegmenterLib.application.jobs.run import Run
        from DLPFCSegmenterLib.worker import Call

        call = Call(tasks.start_by_hand, options=options)
        return Run(volumeNode, call, listener, self._process_factory(call))

    def openResults(self, volumeNode, folder, listener):
        """Start a worker that opens the results in a folder on their scan; returns the `jobs.run.Run` at once."""
        from DLPFCSegmenterLib import tasks
        from DLPFCSegmenterLib.application.jobs.run import Run
        from DLPFCSegmenterLib.worker import Call

        call = Call(tasks.open_results, folder=folder)
        return Run(volumeNode, call, listener, self._process_factory(call), folder)

    def startJob(self, call, listener):
        """Start a worker on a `Call` of a function of `DLPFCSegmenterLib.tasks`; returns the `jobs.job.Job`."""
        from DLPFCSegmenterLib.application.jobs.job import Job

        return Job(call, listener, self._process_factory(call))

    def segment(self, volumeNode, options=None):
        """Segment and wait: (`Plan`, list of `SideNodes`). Raises UserError where it fails."""
        from DLPFCSegmenterLib.application.jobs.run import WaitingListener
        from DLPFCSegmenterLib.plan import PlanOptions

        return WaitingListener().wait_for(self.start, volumeNode, options or PlanOptions())

    def endWorker(self):
        """End the worker that stays, if there is one; what it is doing is cancelled."""
        if self._warmWorker is not None:
            self._warmWorker.end()

    def _process_factory(self, call):
        """One process that stays looks at heads; anything else is done beside it, in a process of its own."""
        from DLPFCSegmenterLib.application.jobs.process import WarmWorker, WorkerProcess
        from DLPFCSegmenterLib.tasks import ON_HEADS

        if self.makeProcess or call.func not in ON_HEADS:
            return self.makeProcess or WorkerProcess
        if self._warmWorker is None:
            DLPFCSegmenterLogic._warmWorker = WarmWorker()
        return self._warmWorker.job


class DLPFCSegmenterTest(ScriptedLoadableModuleTest):
    """Runs in Slicer ('Reload and Test') as on the rig; the cases are in the library."""

    def setUp(self):
        """Every case starts with an empty scene."""
        slicer.mrmlScene.Clear()

    def runTest(self):
        """Check that volume, mask and points come through the nodes unmoved."""
        from DLPFCSegmenterLib.application import self_test

        for case in self_test.CASES:
            self.setUp()
            case()
            self.delayDisplay(case.__doc__.splitlines()[0])

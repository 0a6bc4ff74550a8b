"""A scripted module as small as one can be, for the rig's own tests. It knows nothing of the rig."""

import slicer
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.parameterNodeWrapper import parameterNodeWrapper
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin


@parameterNodeWrapper
class SmallParameters:
    """The scan and whether to invert it."""

    inputVolume: slicer.vtkMRMLScalarVolumeNode
    invert: bool = False


class SmallModule(ScriptedLoadableModule):
    def __init__(self, parent):
        super().__init__(parent)
        parent.title = _("Small Module")
        parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        self.started = 0
        slicer.app.connect("startupCompleted()", self.onStartup)

    def onStartup(self):
        self.started += 1


class SmallModuleWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.history = []

    def setup(self):
        ScriptedLoadableModuleWidget.setup(self)
        self.logic = SmallModuleLogic()
        uiWidget = slicer.util.loadUI(self.resourcePath("UI/SmallModule.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.parameters = self.logic.getParameterNode()
        self.guiTag = self.parameters.connectGui(self.ui)
        self.ui.applyButton.connect("clicked(bool)", self.onApply)
        self.addObserver(
            slicer.mrmlScene,
            slicer.mrmlScene.EndCloseEvent,
            lambda caller, event: self.history.append("closed"),
        )

    def onApply(self):
        self.history.append(self.parameters.inputVolume.GetName())

    def enter(self):
        self.history.append("enter")

    def exit(self):
        self.history.append("exit")

    def cleanup(self):
        self.history.append("cleanup")
        self.parameters.disconnectGui(self.guiTag)
        self.removeObservers()


class SmallModuleLogic(ScriptedLoadableModuleLogic):
    def getParameterNode(self):
        return SmallParameters(super().getParameterNode())


class SmallModuleTest(ScriptedLoadableModuleTest):
    ran = []

    def test_one(self):
        self.delayDisplay("one")
        self.ran.append("one")

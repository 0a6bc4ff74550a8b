# make demo               plan on Colin27, a real full-head scan; all set-up included
# make demo T1=scan.nii.gz   plan on a scan of your own
# make test               the whole test suite; all set-up included
# make pictures           the pictures of the tutorial, from the panel as it is now

.PHONY: demo test lists pictures
.DELETE_ON_ERROR:

COLIN27 := demo/colin27.nii.gz
T1 ?=
OUTPUT ?= demo/$(if $(T1),plan,colin27)

demo: .venv/installed
ifeq ($(T1),)
	.ci/set-up colin27 $(COLIN27)
	.venv/bin/dlpfc plan $(COLIN27) --output "$(OUTPUT)" --overwrite
else
	.venv/bin/dlpfc plan "$(T1)" --output "$(OUTPUT)"
endif
	@echo "Look at $(OUTPUT)/overview.png; numbers are in $(OUTPUT)/result.json."
	@echo "Open $(OUTPUT)/scene.mrb in 3D Slicer to see mask, target and landmarks."

test: .venv/installed
	.ci/set-up libraries
	-.ci/set-up colin27 $(COLIN27)
	QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest

# Renders the pictures of the README's tutorial anew; look at each of them.
pictures: .venv/installed
	.ci/set-up libraries
	.ci/set-up colin27 $(COLIN27)
	QT_QPA_PLATFORM=offscreen .venv/bin/python Testing/make_pictures.py $(COLIN27) Resources/Screenshots

# Rewrites the lists of files in the module's CMakeLists.txt from the tree.
lists: .venv/installed
	.venv/bin/python .ci/list_files.py

.venv/installed: pyproject.toml .ci/set-up
	.ci/set-up python
	@echo "Installing PyTorch, VTK and the rest into .venv: about 6 GB, several minutes, once."
	.venv/bin/python -m pip install -q --no-compile -e ".[train,test]"
	touch $@

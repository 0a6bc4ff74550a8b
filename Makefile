# make demo               plan on Colin27, a real full-head scan; all set-up included
# make demo T1=scan.nii.gz   plan on a scan of your own
# make test               the checks and the whole test suite; all set-up included
# make quick              the checks and the tests of the core, without panel and networks: a minute
# make check              style, types and layers only
# make benchmark          the tables of time and memory of BENCHMARKS.md, on this machine
# make fuzz               reads files damaged at random, images and importers, for ten minutes each
# make translations       brings the translations up to date with the code; LANGUAGE=fr begins one
# make pictures           the pictures of the tutorial, from the panel as it is now

.PHONY: demo test quick check benchmark fuzz lists pictures translations
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
	@! [ -e "$(OUTPUT)/scene.mrb" ] || echo "Open $(OUTPUT)/scene.mrb in 3D Slicer to see mask, target and landmarks."

# One process for each core, at most eight: each holds PyTorch and a scene. Compiled Python is kept, wherever the environment
# says that none is to be: the suite starts some hundred processes.
PYTEST := env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=$(CURDIR)/.venv/bytecode QT_QPA_PLATFORM=offscreen \
	.venv/bin/python -m pytest -n auto --maxprocesses 8 --dist loadfile

test: .venv/tested check
	.ci/set-up libraries
	-.ci/set-up colin27 $(COLIN27)
	$(PYTEST)

quick: .venv/tested check
	.ci/set-up libraries
	$(PYTEST) -q -m "not slow" $(CORE)

CORE := $(addprefix Testing/,geometry scan labels targeting circuit export report packaging) \
	$(filter-out Testing/test_worker.py,$(wildcard Testing/test_*.py))

check: .venv/tested
	.ci/check

# A quarter of an hour; other programs disturb the seconds, and much less the ratios.
benchmark: .venv/installed
	.ci/set-up colin27 $(COLIN27)
	.venv/bin/python Testing/benchmark.py $(COLIN27)

MINUTES ?= 10
SEED ?= 0

fuzz: .venv/tested
	.venv/bin/python Testing/fuzz.py images $(MINUTES) $(SEED)
	.venv/bin/python Testing/fuzz.py importers $(MINUTES) $(SEED)

# Renders the pictures of the README's tutorial anew; look at each of them.
pictures: .venv/tested
	.ci/set-up libraries
	.ci/set-up colin27 $(COLIN27)
	QT_QPA_PLATFORM=offscreen .venv/bin/python Testing/make_pictures.py $(COLIN27) Resources/Screenshots

# Rewrites the lists of files in the module's CMakeLists.txt from the tree.
lists: .venv/installed
	.venv/bin/python .ci/list_files.py

# Writes every sentence of code and panel into the translations; what is new is marked unfinished. LANGUAGE begins one.
translations: .venv/installed
	.venv/bin/python .ci/translations.py $(if $(filter command line,$(origin LANGUAGE)),$(LANGUAGE))

# The product alone, and with all that tests and checks need.
.venv/installed: pyproject.toml .ci/set-up
	.ci/set-up python
	@echo "Installing PyTorch, VTK and the rest into .venv: 6.5 GB on the disk, several minutes, once."
	.ci/set-up packages .
	touch $@

.venv/tested: pyproject.toml .ci/set-up
	.ci/set-up python
	@echo "Installing PyTorch, VTK, slicer-core and the checks into .venv: 7 GB on the disk, several minutes, once."
	.ci/set-up packages ".[train,test,check]"
	touch $@

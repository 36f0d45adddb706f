# Every target is one line over start.py, so that Windows does the same without make: python start.py report
# Another Python: make report PYTHON=python3.12. More arguments: make test ARGS="-k ledger".
PYTHON ?= python3

.PHONY: help report test check lab clean
help:    ; @$(PYTHON) start.py
report:  ; @$(PYTHON) start.py report -- $(ARGS)
test:    ; @$(PYTHON) start.py test -- $(ARGS)
check:   ; @$(PYTHON) start.py check
lab:     ; @$(PYTHON) start.py lab -- $(ARGS)
clean:   ; @$(PYTHON) start.py clean

PYTHON ?= python3
BIN := .venv/bin

messages: ## Bring the catalogues up to date with the source
	$(BIN)/python -m event_mgmt.catalogues update
	$(BIN)/python -m event_mgmt.catalogues compile

# The project's commands. `make` alone lists them.
SHELL := bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
ENV ?= uat
PY := .venv/bin/python
# aws_cdk is large: without cached bytecode every synthesis compiles it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: deployments answers pictures fuzz advisories flood rehearse-restore preflight teardown fast verify-model hostile sleep wake guard docs help setup run up down status test test-long check unit contract integration infra verify e2e bench load chaos peers proof proof-runs eval hostile verify-model contacts synth diff deploy deploy-ci simulate mutants format lock cli

help: ## List the commands
	@grep -hE '^[a-z0-9 -]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## Install what the project needs into .venv and .venv-emulator (done by the others when needed)
	@tools/local/setup.sh

run: setup ## Start everything here, show how a call becomes a lead, stay until Ctrl-C
	@exec $(PY) -m tools.local run

up: setup ## The same in the background: writes .local/endpoints.json
	@$(PY) -m tools.local up

down: ## Stop what `make up` started
	@if [ -x $(PY) ]; then $(PY) -m tools.local down; fi

status: setup ## Is the local stack up, and where?
	@$(PY) -m tools.local status

test: setup ## All checks and every kind of test; long proofs in their short version (minutes)
	@tools/verify/test.sh

test-long: setup ## The whole of each long proof, and properties with all their examples (half an hour)
	@tools/verify/test.sh long

fast: setup ## In seconds: lint, types, and the tests that are nearest to what changed since main
	@$(PY) -m tools.verify.fast

check: setup ## Format, lint, types, import contracts
	@tools/verify/test.sh check

unit contract integration infra verify e2e: setup ## One kind of tests only
	@tools/verify/test.sh $@

eval: setup ## Judge the labelled calls (20 and 200 generated) and 20,000 generated utterances against their gates (minutes)
	@status=0
	$(PY) -m tools.verify.evaluation $(ARGS) || status=1
	$(PY) -m tools.verify.evaluation.labelled || status=1
	$(PY) -m tools.verify.evaluation.speech || status=1
	exit $$status

contacts: setup ## What is taken from calls of your own: make contacts IN=cases.jsonl OUT=answers.jsonl (docs/analysis.md)
	@$(PY) -m tools.verify.evaluation.contacts "$(or $(IN),$(error IN is missing: make contacts IN=cases.jsonl OUT=answers.jsonl))" \
	    "$(or $(OUT),$(error OUT is missing: make contacts IN=cases.jsonl OUT=answers.jsonl))"

fuzz: setup ## The HTTP API under a fuzzer that reads its description: at least 10,000 cases, none answered 5xx (minutes)
	@FUZZ_CASES=$(or $(CASES),350) $(PY) -m pytest tests/integration/test_fuzz_api.py -q -n auto

flood: setup ## 20,000 forged webhooks beside 200 genuine calls, over HTTP: are they taken as in quiet? (minutes)
	@$(PY) -m tools.verify.flood $(ARGS)

advisories: setup ## Known faults of the locked Python packages, by the index's own advisories; fails where it has none
	@test -x .venv-audit/bin/python || $(PY) -m venv .venv-audit
	VIRTUAL_ENV=$$PWD/.venv-audit .venv/bin/uv pip install -q --require-hashes -r requirements/audit.txt
	$(PY) -m tools.verify.advisories

hostile: setup ## 20,000 answers that the model's schema allows, over every labelled call: which promise breaks?
	@$(PY) -m tools.verify.evaluation.hostile --answers $(or $(ANSWERS),20000)

verify-model: setup ## The analyst and 20 calls against llama.cpp's own server with a tiny model, and xgrammar (installs 140 MB once; 15 minutes)
	@test -x .venv-model/bin/python || .venv/bin/python -m venv .venv-model
	VIRTUAL_ENV=$$PWD/.venv-model .venv/bin/uv pip install -q --no-deps --require-hashes -r requirements/model.txt
	$(PY) -m pytest tools/verify/tests/model_server -q
	$(PY) -m tools.verify.model_server.calls $(ARGS)

bench: setup ## This build beside an earlier one, row by row, each with its target; not 0 where one is missed (half an hour)
	@$(PY) -m tools.verify.bench $(ARGS)

load: setup ## Webhooks at a steady rate, then 10,000 in an outage; every id is looked for at the CRM (minutes)
	@$(PY) -m tools.verify.load $(ARGS)

chaos: setup ## The worst schedules against real processes: faults between a function and AWS, processes killed (2 minutes)
	@$(PY) -m tools.verify.chaos $(ARGS)

rehearse-restore: setup ## Lose calls of a local stack on purpose and restore them: is all of it as it was?
	@$(PY) -m tools.verify.rehearsal $(ARGS)

deployments: setup cli ## Deploy by the CDK's own command line what is today, and what nobody had tried before, against a strict AWS (minutes)
	@$(PY) -m tools.verify.deployments $(ARGS)

peers: setup ## The same workflow in n8n, Node-RED, FastAPI and one function, installed on demand: speed, and what failures cost
	@$(PY) -m tools.verify.peers $(ARGS)

proof: setup ## Make docs/proof.md, its Russian summary and its page from the records of the runs
	@$(PY) -m tools.verify.report

pictures: setup ## Take the pictures of README.md and docs/console.md anew, with Chromium; look at each before you commit it
	@$(PY) -m tools.verify.pictures

docs: setup ## Make the pages of docs/ that are read off the code: settings.md, costs.md, answers.md
	@$(PY) -m infra.settings_page
	@$(PY) -m infra.costs_page
	@$(PY) -m tools.verify.answers.page
	@$(PY) -m tools.verify.flood.bill

answers: setup ## Control Tower's rules and checkov on the templates of today, into docs/answers.md (installs 210 MB once; 2 minutes)
	@test -x .venv-answers/bin/python || $(PY) -m venv .venv-answers
	VIRTUAL_ENV=$$PWD/.venv-answers .venv/bin/uv pip install -q --require-hashes -r requirements/checkov.txt
	VIRTUAL_ENV=$$PWD/.venv-answers .venv/bin/uv pip install -q --no-deps --require-hashes -r requirements/guard.txt
	$(PY) -m tools.verify.answers

proof-runs: setup ## Make all records of the proof anew, one run after another, then its documents (an hour)
	@$(PY) -m tools.verify.report run

synth: setup ## Make an environment's templates without AWS, and check them: make synth ENV=uat|prod|local
	@$(PY) -m tools.local.make_templates $(ENV) $(ARGS)

cli: node_modules/.package-lock.json

node_modules/.package-lock.json: package-lock.json
	@echo "setup: installing the CDK command line (pinned) …" >&2
	npm ci --silent --omit=dev # what only tests need stays away

guard: setup ## What the synthesised templates would do to those of a commit: make synth guard ENV=prod FROM=HEAD~5
	@$(PY) -m infra.deployment guard $(ENV) $(FROM)

diff: setup cli $(if $(TO),,synth) ## What a deployment would change, and what that would do: make diff ENV=prod, or FROM=COMMIT [TO=COMMIT] without AWS
	@if [ -n "$(FROM)" ]; then exec $(PY) -m infra.deployment guard $(ENV) $(FROM) $(TO); fi
	@$(PY) -m infra.deployment check $(ENV)
	@$(PY) -m infra.deployment guard $(ENV)
	@npx --no-install cdk diff --app cdk.out/$(ENV) --method=template

preflight: setup ## Look at the account before a deployment: quotas, names, certificate, listeners, the CRM: make preflight ENV=uat
	@$(PY) -m infra.deployment preflight $(ENV)

deploy: setup cli synth ## Deploy an environment: make deploy ENV=uat
	@$(PY) -m infra.deployment deploy $(ENV) --require-approval broadening

sleep: setup cli synth ## Take down what costs money by the hour; URL, addresses and data stay: make sleep ENV=uat
	@$(PY) -m infra.deployment sleep $(ENV)

teardown: setup cli synth ## Take an environment down with its data; URL and addresses stay: make teardown ENV=uat SURE=postcall-uat
	@$(PY) -m infra.deployment teardown $(ENV) $(SURE)

wake: deploy ## Bring back what sleeps, behind the same URL and addresses: make wake ENV=uat

deploy-ci: setup cli ## Deploy the roles that the workflows use: make deploy-ci ENV=uat
	@npx --no-install cdk deploy --app "$(PY) -m infra.ci_app" -c env=$(ENV)

simulate: setup ## Many days of faults over the whole system: make simulate SCHEDULES=100000, from another seed on: FIRST=100000, or one of them: SEED=17
	@$(PY) -m tools.verify.simulation $(if $(SEED),--seed $(SEED),--schedules $(or $(SCHEDULES),100000) --first $(or $(FIRST),0) --workers all)

mutants: setup ## Change the core's lines one by one: which change does no test notice? (minutes)
	@$(PY) -m tools.verify.mutation

format: setup ## Format the code
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .

lock: setup ## Resolve the requirements anew, with hashes and without index addresses
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --upgrade --override requirements/model-unwanted.in -o requirements/model.txt requirements/model.in
	.venv/bin/uv pip compile -q --no-deps --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --upgrade -o requirements/guard.txt requirements/guard.in
	for name in uv layer emulator dev naive audit checkov; do
	    .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	        --upgrade -o requirements/$$name.txt requirements/$$name.in
	done

# The targets that people need; `make help` lists them.
GO       ?= go
BIN      := bin
PLUGINS  := testbank psd2 scraper
# What a plugin is told unless the server says otherwise: the sandbox does. psd2 serves no bank until it is told of one.
SETTINGS_testbank := base_url=http://127.0.0.1:8091
DATA     ?= data
ROWS     ?= 1000000
LISTEN   ?= 127.0.0.1:8080
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  := -s -w -X main.version=$(VERSION)
BUILD    := $(GO) build -trimpath -ldflags '$(LDFLAGS)'

.DEFAULT_GOAL := help
.PHONY: help run build test vet unit demo verify bench crash upgrade rotation faults histories simulate screenshots paint visits timing conformance lint generate deps need clean

help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## Start a complete sandbox and say where it is (Ctrl-C ends it)
	@$(BIN)/tributary sandbox --data $(DATA) --listen $(LISTEN)

build: ## Build bin/tributary, bin/testbank and bin/plugins/*
	@mkdir -p $(BIN)/plugins
	@$(BUILD) -o $(BIN)/ ./cmd/tributary ./cmd/testbank
	@for plugin in $(PLUGINS); do \
	  $(BUILD) -o $(BIN)/plugins/$$plugin ./plugins/$$plugin && \
	  $(GO) run ./plugins/sdk/cmd/plugin-manifest $(BIN)/plugins/$$plugin $$(test $$plugin = testbank && echo $(SETTINGS_testbank)) >/dev/null || exit 1; done

test: need build vet unit verify ## Pass everything

vet:
	@$(GO) vet ./...
	@cd plugins/sdk && GOWORK=off $(GO) vet ./...

# A package with a browser takes minutes on a busy machine.
unit:
	$(GO) test -timeout 40m ./...
	cd plugins/sdk && GOWORK=off $(GO) test ./...

demo: build ## Play the main job in a terminal, against a real server
	@$(BIN)/tributary demo

generate: need ## Write all generated files anew
	@$(GO) generate ./...
	@cd plugins/sdk && GOWORK=off $(GO) generate ./...
	@$(GO) run ./cmd/tributary openapi --out openapi
	@$(GO) test ./testbank ./adapters/bunstore -run 'Schema' -update >/dev/null

bench: need build ## Measure speed and memory, each beside a raw limit (ROWS=…, N=events, ONLY=tokens)
	@mkdir -p $(BIN)/measure
	@$(BUILD) -o $(BIN)/measure/flood ./cmd/tributary/measure/flood
	@$(GO) run ./plugins/sdk/cmd/plugin-manifest $(BIN)/measure/flood >/dev/null
	@$(GO) run ./cmd/tributary/measure -rows $(ROWS) $(if $(N),-events $(N)) -only '$(ONLY)'

upgrade: need ## Upgrade every schema with N rows, killed KILLS times (SEED=…)
	N=$(or $(N),1000000) KILLS=$(or $(KILLS),20) SEED=$(SEED) $(GO) test -count=1 -timeout 6h -v -run 'Upgrade|Together|Previous' ./cmd/tributary/upgrade

crash: need ## Kill servers N times on each database, plugins, banks and PostgreSQL OTHERS times (SEED=…)
	@$(GO) run ./cmd/tributary/crash -n $(or $(N),40) -others $(or $(OTHERS),5) -seed $(or $(SEED),0) -connections $(or $(CONNECTIONS),60)

rotation: need ## Rotate the master key under load, killed N times
	N=$(or $(N),50) $(GO) test -count=1 -timeout 2h -v -run Rotation_under_load ./cmd/tributary

faults: need ## Take PostgreSQL and NATS away from two servers at work, for OUTAGE seconds each
	OUTAGE=$(or $(OUTAGE),30) $(GO) test -count=1 -timeout 2h -v -run TestFaults ./cmd/tributary

histories: ## Send calls again under one key, in N random histories
	$(GO) test -count=1 -timeout 2h -v -run 'TestAKey|TestAKept' ./cmd/tributary/walker -rapid.checks=$(or $(N),1000)

simulate screenshots: SHELL := bash
simulate screenshots: .SHELLFLAGS := -o pipefail -c
simulate: need ## Live N account-years and compare with what really happened (SEED=…, LIFE=… plays one)
	@$(GO) run ./cmd/tributary/simulate -n $(or $(N),100) -seed $(or $(SEED),1) -life $(or $(LIFE),0)
	@test -n "$(LIFE)" || SAMPLE=$(or $(SAMPLE),20) SEED=$(or $(SEED),1) $(GO) test -count=1 -timeout 2h -v -run plugin_process ./cmd/tributary/simulate | grep -v '^[=-]'

screenshots: need ## Write every page of the widget to a folder (OUT=…)
	@$(GO) test -count=1 -timeout 1h ./cmd/tributary/browser -run TestTour -screenshots $(abspath $(or $(OUT),screenshots)) -v | grep -v '^[= -]' | grep -v ^PASS | grep -v ^ok

paint: need ## Measure how long a browser takes to the first page of the widget
	@$(GO) test ./cmd/tributary/browser -run '^$$' -bench FirstPage -benchtime $(or $(N),20)x

visits: need ## Measure visits of a bank's web site by a recipe, beside a bare script
	@$(GO) test ./plugins/scraper -run '^$$' -bench 'Visit|Open' -benchtime $(or $(N),30)x

timing: ## Measure whether foreign things can be told from missing ones by time
	@$(GO) test ./cmd/tributary/walker -run '^$$' -bench Foreign -benchtime 2000x

lint: ## Look for what the compiler lets pass (builds the linter the first time)
	@GOBIN=$(CURDIR)/.cache/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@.cache/bin/golangci-lint run ./...
	@cd plugins/sdk && GOWORK=off ../../.cache/bin/golangci-lint run --config ../../.golangci.yml ./...

conformance: SHELL := bash
conformance: .SHELLFLAGS := -o pipefail -c
conformance: need ## Hold plugin and test bank to the official PSD2 descriptions (TRIBUTARY_SPECS=folder)
	@$(GO) test -tags conformance -count=1 -timeout 40m -v -run TestOfficial ./plugins/psd2/conformance | grep -v '^=' | sed 's/^ *[a-z]*_test.go:[0-9]*: //' | grep -v '^--- PASS\|^PASS\|^ok'

verify: need ## Generate all anew; fail on a difference
	@sh .ci/verify

deps: ## Install what is needed beyond Go (Debian, as root), or list it
	@sh .ci/deps

need:
	@command -v protoc >/dev/null && test -e "$$(dirname $$(dirname $$(command -v protoc)))/include/google/protobuf/timestamp.proto" || { echo "protoc is missing: running make deps"; $(MAKE) --no-print-directory deps; }
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { echo "PostgreSQL is missing: running make deps"; $(MAKE) --no-print-directory deps; }
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { echo "Chromium is missing: running make deps"; $(MAKE) --no-print-directory deps; }
	@command -v firefox-esr >/dev/null || command -v firefox >/dev/null || { echo "Firefox is missing: running make deps"; $(MAKE) --no-print-directory deps; }
	@command -v curl >/dev/null || { echo "curl is missing: running make deps"; $(MAKE) --no-print-directory deps; }
	@command -v node >/dev/null && command -v npm >/dev/null && command -v python3 >/dev/null || { echo "node, npm or python3 is missing: running make deps"; $(MAKE) --no-print-directory deps; }

clean: ## Remove what was built
	@rm -rf $(BIN)

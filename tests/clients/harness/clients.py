# SPDX-License-Identifier: Apache-2.0
"""The matrix: every client, and what is run with it against one server."""

from dataclasses import dataclass, field

from harness.environments import Environment, Node, Python, Rust, SystemTools

AS_INSTALLED = {"": {}}
WITH_AND_WITHOUT_XET = {"as installed": {}, "HF_HUB_DISABLE_XET=1": {"HF_HUB_DISABLE_XET": "1"}}

JAVASCRIPT_VARIATIONS = {"as installed": {}, "useXet: false": {"CLIENT_USE_XET": "false"}}


@dataclass(frozen=True)
class Run:
    """One script in one environment, with variables of its own."""

    label: str
    environment: Environment
    script: str  # relative to tests/clients
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Client:
    """Runs that follow each other on the same server."""

    name: str
    runs: list[Run]


def alone(name: str, environment: Environment, script: str, variations: dict[str, dict[str, str]] = AS_INSTALLED) -> Client:
    return Client(name, [Run(label, environment, script, variables) for label, variables in variations.items()])


def huggingface_hub(version: str) -> Client:
    name = f"huggingface_hub-{version}"
    return alone(name, Python(name), "huggingface_hub/flow.py", WITH_AND_WITHOUT_XET)


JAVASCRIPT = Node("huggingface_js", "huggingface_js")

# Every generation of the Xet client, each with a huggingface_hub of its time: member -> environment and script.
XET_MEMBERS = {
    "hf_xet 1.0.5": (Python("huggingface_hub-0.30.2"), "xet/flow.py"),
    "hf_xet 1.1.3": (Python("hf_xet-1.1.3"), "xet/flow.py"),
    "hf_xet 1.1.5": (Python("hf_xet-1.1.5"), "xet/flow.py"),
    "hf_xet 1.1.9": (Python("hf_xet-1.1.9"), "xet/flow.py"),
    "hf_xet 1.2.0": (Python("huggingface_hub-1.0.1"), "xet/flow.py"),
    "hf_xet 1.4.3": (Python("hf_xet-1.4.3"), "xet/flow.py"),
    "hf_xet 1.5.2": (Python("huggingface_hub-1.19.0"), "xet/flow.py"),
    "hf_xet 1.6.0": (Python("hf_xet-1.6.0"), "xet/flow.py"),
    "hf_xet 1.8.0": (Python("huggingface_hub-1.33.0"), "xet/flow.py"),
    "hf_xet 1.8.0 below hub 2": (Python("huggingface_hub-2.4.0"), "xet/flow.py"),
    "huggingface.js": (JAVASCRIPT, "xet.mjs"),
}


def xet() -> Client:
    """First each member publishes, then each fetches what every other has published."""
    return Client("xet", [
        Run(f"{member}, {phase}", environment, script, {"CLIENT_MEMBER": member, "CLIENT_PHASE": phase})
        for phase in ("publish", "fetch")
        for member, (environment, script) in XET_MEMBERS.items()
    ])


def xet_trouble() -> Client:
    """Before and after hf_xet learnt to fetch in ranges and to retry by itself."""
    return Client("xet-trouble", [Run(member, XET_MEMBERS[member][0], "xet/trouble.py")
                                  for member in ("hf_xet 1.2.0", "hf_xet 1.8.0 below hub 2")])


CLIENTS = [
    huggingface_hub("0.19.4"),
    huggingface_hub("0.30.2"),
    huggingface_hub("1.0.1"),
    huggingface_hub("1.19.0"),
    huggingface_hub("1.33.0"),
    huggingface_hub("2.4.0"),
    alone("hf-cli", Python("huggingface_hub-2.4.0"), "hf_cli/flow.py", WITH_AND_WITHOUT_XET),
    alone("huggingface.js", JAVASCRIPT, "flow.mjs", JAVASCRIPT_VARIATIONS),
    alone("hf-hub-0.5", Rust("hf_hub_rust", "hf_hub_rust", "hf-hub-0-5"), "hf_hub_rust/flow.py"),
    alone("hf-hub-1.0", Rust("hf_hub_rust", "hf_hub_rust", "hf-hub-1-0"), "hf_hub_rust/flow.py"),
    alone("curl-aria2c", SystemTools("curl-aria2c", ["curl", "aria2c"]), "curl_aria2c/flow.py"),
    alone("transformers", Python("transformers"), "transformers/flow.py"),
    alone("datasets", Python("datasets"), "datasets/flow.py", WITH_AND_WITHOUT_XET),
    alone("real-model", Python("real-model"), "real_model/flow.py"),
    xet(),
    xet_trouble(),
]

# SPDX-License-Identifier: Apache-2.0
"""The matrix: every client, the environment it lives in, its checks, and the variations they are run in."""

from dataclasses import dataclass, field

from harness.environments import Environment, Node, Python, Rust, SystemTools

AS_INSTALLED = {"": {}}
WITH_AND_WITHOUT_XET = {"as installed": {}, "HF_HUB_DISABLE_XET=1": {"HF_HUB_DISABLE_XET": "1"}}

JAVASCRIPT_VARIATIONS = {"as installed": {}, "useXet: false": {"CLIENT_USE_XET": "false"}}


@dataclass(frozen=True)
class Client:
    name: str
    environment: Environment
    script: str  # relative to tests/clients
    variations: dict[str, dict[str, str]] = field(default_factory=lambda: AS_INSTALLED)


def huggingface_hub(version: str) -> Client:
    name = f"huggingface_hub-{version}"
    return Client(name, Python(name), "huggingface_hub/flow.py", WITH_AND_WITHOUT_XET)


CLIENTS = [
    huggingface_hub("0.19.4"),
    huggingface_hub("0.30.2"),
    huggingface_hub("1.0.1"),
    huggingface_hub("1.19.0"),
    huggingface_hub("1.33.0"),
    huggingface_hub("2.4.0"),
    Client("hf-cli", Python("huggingface_hub-2.4.0"), "hf_cli/flow.py", WITH_AND_WITHOUT_XET),
    Client("huggingface.js", Node("huggingface_js", "huggingface_js"), "flow.mjs", JAVASCRIPT_VARIATIONS),
    Client("hf-hub-0.5", Rust("hf_hub_rust", "hf_hub_rust", "hf-hub-0-5"), "hf_hub_rust/flow.py"),
    Client("hf-hub-1.0", Rust("hf_hub_rust", "hf_hub_rust", "hf-hub-1-0"), "hf_hub_rust/flow.py"),
    Client("curl-aria2c", SystemTools("curl-aria2c", ["curl", "aria2c"]), "curl_aria2c/flow.py"),
    Client("transformers", Python("transformers"), "transformers/flow.py"),
    Client("datasets", Python("datasets"), "datasets/flow.py", WITH_AND_WITHOUT_XET),
    Client("real-model", Python("real-model"), "real_model/flow.py"),
]

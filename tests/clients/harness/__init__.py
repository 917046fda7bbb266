# SPDX-License-Identifier: Apache-2.0
"""Environments of the clients, the server under test and the report of the matrix."""

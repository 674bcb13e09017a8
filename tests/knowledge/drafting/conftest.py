"""Two schools, one of them without cards."""

from pathlib import Path

import pytest

from tests.knowledge.policies import two_schools_in


@pytest.fixture
def content(tmp_path) -> Path:
    return two_schools_in(tmp_path)

"""The domain of confidential cases: what they are, who may see them, and by when something must happen."""

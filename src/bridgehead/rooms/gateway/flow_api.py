"""Operations beside the pages of the flows and of the published routes."""

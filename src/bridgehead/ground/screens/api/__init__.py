"""Operations beside the ground's own pages."""

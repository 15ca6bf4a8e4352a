"""Write all files of cases with exact answers."""

from .writing import FAMILIES, NATIVE_FAMILIES, write

if __name__ == "__main__":
    for name in (*FAMILIES, *NATIVE_FAMILIES):
        write(name)

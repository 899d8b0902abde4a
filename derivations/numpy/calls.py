"""What NumPy makes of an operator on a whole array: its code, with the array in the place of the braces."""

ARRAY_CALLS = {
    "inverse": "np.linalg.inv({})",
    "det": "np.linalg.det({})",
    "trace": "np.trace({})",
    "norm": "np.linalg.norm({})",
    "spectral": "np.linalg.norm({}, 2)",
    "nuclear": "np.linalg.norm({}, 'nuc')",
    "polar": "np.matmul(*np.linalg.svd({}, full_matrices=False)[::2])",
    "trace of root": "np.sqrt(np.linalg.svd({}, compute_uv=False)).sum()",
    "diag": "np.diag({})",
    "diagonal": "np.diag({})",
    "product": "np.prod({})",
    "maximum": "np.max({})",
}
ROOT = "np.linalg.svd({1})[0] {0} np.sqrt(np.linalg.svd({1})[1]) @ np.linalg.svd({1})[2]"

#!/usr/bin/env bash
# Makes models/embedded-small and models/embedded-wide from the facts: one command, the same weights every time.
set -euo pipefail
cd "$(dirname "$0")"

# One thread per training process (both run side by side): sums in another order would give other weights.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
python=${PYTHON:-/usr/bin/python3}

if ! "$python" -c "import torch, numpy" 2>/dev/null; then
  # Debian's PyTorch; OpenBLAS because the reference BLAS, which it falls back to, is ten times slower
  as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update
  $as_root apt-get install -y --no-install-recommends python3-torch python3-numpy libopenblas0-pthread
fi

mkdir -p work
"$python" train.py small >work/small.log 2>&1 &
small=$!
"$python" train.py wide >work/wide.log 2>&1 &
wide=$!
trap 'kill $small $wide 2>/dev/null || true' EXIT
echo "Training both models; progress in training/work/*.log"
wait $small
wait $wide
trap - EXIT

for name in small wide; do
  "$python" evaluate.py $name --gate
  "$python" export.py $name work/$name-reference.json 2>work/$name-export.log
done
"$python" card.py

# The exports in the libraries of the extension, where they are installed (npm ci)
if [ -d ../node_modules/onnxruntime-node ]; then
  for name in small wide; do
    (cd .. && node training/check.mjs models/embedded-$name training/work/$name-reference.json)
  done
else
  echo "Not checked in onnxruntime: run npm ci first"
fi

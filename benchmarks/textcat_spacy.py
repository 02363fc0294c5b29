"""spaCy's textcat for bench_alternatives.py: reads {texts, truth, held, labels, exclusive} as JSON, writes {found, seconds, ms, mb}. Runs where spaCy is installed."""

import json
import sys
import tempfile
import time
from pathlib import Path

EPOCHS = 6
MODEL = {"@architectures": "spacy.TextCatEnsemble.v2", "tok2vec": {"@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": 96, "depth": 2,
         "embed_size": 4000, "window_size": 1, "maxout_pieces": 3, "subword_features": True},
         "linear_model": {"@architectures": "spacy.TextCatBOW.v2", "exclusive_classes": True, "ngram_size": 3, "no_output_layer": False}}  # fmt: skip


def main() -> None:
    import spacy
    from spacy.training import Example
    from spacy.util import fix_random_seed, minibatch

    fix_random_seed(0)
    given = json.loads(sys.stdin.read())
    labels, name = given["labels"], "textcat" if given["exclusive"] else "textcat_multilabel"
    MODEL["linear_model"]["exclusive_classes"] = given["exclusive"]  # type: ignore[index]
    nlp = spacy.blank("zh")  # characters are its words
    pipe = nlp.add_pipe(name, config={"model": MODEL})
    for label in labels:
        pipe.add_label(label)
    examples = [Example.from_dict(nlp.make_doc(text), {"cats": {label: float(label in truth) for label in labels}}) for text, truth in zip(given["texts"], given["truth"], strict=True)]
    nlp.initialize(lambda: examples[:200])
    started = time.perf_counter()
    import random

    for _ in range(EPOCHS):
        random.Random(0).shuffle(examples)
        for batch in minibatch(examples, 64):
            nlp.update(batch, drop=0.2)
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    found = []
    for text in given["held"]:
        cats = nlp(text).cats
        found.append([max(cats, key=cats.get)] if given["exclusive"] else [label for label in labels if cats[label] >= 0.5])
    ms = (time.perf_counter() - started) / len(given["held"]) * 1000
    with tempfile.TemporaryDirectory() as folder:
        nlp.to_disk(folder)
        mb = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file()) / 1e6
    print(json.dumps({"found": found, "seconds": seconds, "ms": ms, "mb": mb, "epochs": EPOCHS}))


if __name__ == "__main__":
    main()

"""A real Marian model, as small as can be: trained in seconds to translate ten words, for tests."""

from __future__ import annotations

import json
import random
from pathlib import Path

WORDS = {
    "uno": "one", "dos": "two", "tres": "three", "casa": "house", "perro": "dog", "noche": "night", "corre": "runs",
    "duerme": "sleeps", "rojo": "red", "verde": "green",
}  # fmt: skip
STEPS = 220


def make_marian(folder: Path) -> Path:
    """Train it, and convert it as a user would.

    Args:
        folder: Place to work in.

    Returns:
        Folder of the CTranslate2 model, with source.spm and target.spm.
    """
    import torch
    from ctranslate2.converters import TransformersConverter
    from transformers import MarianConfig, MarianMTModel

    torch.manual_seed(0)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # two would wait for each other longer than they compute
    draw = random.Random(0)
    source = folder / "transformers"
    tokenizer = _tokenizer(source, [_pair(draw) for _ in range(400)])
    pad = tokenizer.pad_token_id
    model = MarianMTModel(
        MarianConfig(
            vocab_size=len(tokenizer), d_model=64, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
            decoder_attention_heads=4, encoder_ffn_dim=128, decoder_ffn_dim=128, max_position_embeddings=512,
            pad_token_id=pad, eos_token_id=0, decoder_start_token_id=pad, forced_eos_token_id=0, dropout=0.0,
            scale_embedding=True,
        )
    )  # fmt: skip
    start = model.model.shared.weight.data[pad]  # Marian's decoder starts from zero, and so does CTranslate2
    start.zero_()
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(STEPS):
        pairs = [_pair(draw) for _ in range(32)]
        inputs = tokenizer([pair[0] for pair in pairs], return_tensors="pt", padding=True)
        labels = tokenizer(
            text_target=[pair[1] for pair in pairs], return_tensors="pt", padding=True
        ).input_ids
        loss = model(**inputs, labels=labels.masked_fill(labels == pad, -100)).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        start.zero_()
    torch.set_num_threads(threads)
    model.save_pretrained(source)
    converter = TransformersConverter(str(source), copy_files=["source.spm", "target.spm"])
    return Path(converter.convert(str(folder / "ctranslate2")))


def _pair(draw: random.Random) -> tuple[str, str]:
    words = draw.choices(list(WORDS), k=draw.randint(2, 6))
    translated = [WORDS[word] for word in words]
    return " ".join(words).capitalize() + ".", " ".join(translated).capitalize() + "."


def _tokenizer(folder: Path, pairs: list[tuple[str, str]]):
    import sentencepiece
    from transformers import MarianTokenizer

    folder.mkdir()
    pieces = set()
    for side, name in enumerate(("source", "target")):
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter([pair[side] for pair in pairs]), model_prefix=str(folder / name), vocab_size=60,
            character_coverage=1.0, hard_vocab_limit=False, minloglevel=2,
        )  # fmt: skip
        (folder / f"{name}.model").rename(folder / f"{name}.spm")
        processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{name}.spm"))
        pieces |= {processor.id_to_piece(number) for number in range(processor.get_piece_size())}
    vocabulary = ["</s>", "<unk>", *sorted(pieces - {"<s>", "</s>", "<unk>"}), "<pad>"]
    files = {side: str(folder / f"{side}.spm") for side in ("source", "target")}
    (folder / "vocab.json").write_text(json.dumps({piece: place for place, piece in enumerate(vocabulary)}))
    tokenizer = MarianTokenizer(
        source_spm=files["source"], target_spm=files["target"], vocab=str(folder / "vocab.json")
    )
    tokenizer.save_pretrained(folder)
    return tokenizer

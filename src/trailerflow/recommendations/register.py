"""Splits and rankers by name: one line each, and nothing is imported before it is used.

No program imports this, so that a new line changes the code of no other ranker (`trailerflow.registers`).
"""

from __future__ import annotations

SPLITS: dict[str, str] = {
    "leave_last": "trailerflow.recommendations.splits.leave_last:LeaveLast",
    "leave_last_past": "trailerflow.recommendations.splits.leave_last_past:LeaveLastPast",
    "global_time": "trailerflow.recommendations.splits.global_time:GlobalTime",
    "cold_items": "trailerflow.recommendations.splits.cold_items:ColdItems",
    "cold_users": "trailerflow.recommendations.splits.cold_users:ColdUsers",
    "this_run": "trailerflow.recommendations.splits.this_run:ThisRun",
    "report": "trailerflow.recommendations.splits.report:Report",
    "paper": "trailerflow.recommendations.splits.paper:Paper",
    "llamarec": "trailerflow.recommendations.splits.llamarec:LlamaRec",
    "llmrank": "trailerflow.recommendations.splits.llmrank:LlmRank",
    "archive_folds": "trailerflow.recommendations.splits.archive_folds:ArchiveFolds",
    "own_split": "trailerflow.recommendations.splits.own_split:OwnSplit",
}
"""Ways of splitting the ratings, by their names in the configuration."""

RANKERS: dict[str, str] = {
    "random": "trailerflow.recommendations.rankers.random:Random",
    "popularity": "trailerflow.recommendations.rankers.popularity:Popularity",
    "popularity_recent": "trailerflow.recommendations.rankers.popularity_recent:PopularityRecent",
    "item_mean": "trailerflow.recommendations.rankers.item_mean:ItemMean",
    "bias": "trailerflow.recommendations.rankers.bias:Bias",
    "ease": "trailerflow.recommendations.rankers.ease:Ease",
    "cooccurrence": "trailerflow.recommendations.rankers.cooccurrence:Cooccurrence",
    "genre_knn": "trailerflow.recommendations.rankers.content.genre_knn:GenreKnn",
    "tfidf_knn": "trailerflow.recommendations.rankers.content.tfidf_knn:TfidfKnn",
    "embedding_knn": "trailerflow.recommendations.rankers.content.embedding_knn:EmbeddingKnn",
    "content": "trailerflow.recommendations.rankers.content.content:Content",
    "multi_task": "trailerflow.recommendations.rankers.content.multi_task:MultiTask",
    "svdpp": "trailerflow.recommendations.rankers.svdpp:SvdPlusPlus",
    "factorisation_machine": "trailerflow.recommendations.rankers.factorisation_machine:FactorisationMachine",
    "item_knn": "trailerflow.recommendations.rankers.item_knn:ItemKnn",
    "user_knn": "trailerflow.recommendations.rankers.user_knn:UserKnn",
    "biased_mf": "trailerflow.recommendations.rankers.biased_mf:BiasedMf",
    "als": "trailerflow.recommendations.rankers.als:Als",
    "bpr": "trailerflow.recommendations.rankers.bpr:Bpr",
    "sasrec": "trailerflow.recommendations.rankers.sasrec:Sasrec",
    "light_gcn": "trailerflow.recommendations.rankers.light_gcn:LightGcn",
    "echo": "trailerflow.recommendations.rankers.echo:Echo",
    "own_scores": "trailerflow.recommendations.rankers.own_scores:OwnScores",
    "z_blend": "trailerflow.recommendations.rankers.fusion.z_blend:ZBlend",
    "mean_rating": "trailerflow.recommendations.rankers.fusion.mean_rating:MeanRating",
    "linear_stack": "trailerflow.recommendations.rankers.fusion.linear_stack:LinearStack",
    "lambdamart": "trailerflow.recommendations.rankers.fusion.lambdamart:LambdaMart",
    "rating_stack": "trailerflow.recommendations.rankers.fusion.rating_stack:RatingStack",
}
"""Rankers that need no language model, by their names in the configuration."""

LLM_RANKERS: dict[str, str] = {
    "yes_no": "trailerflow.recommendations.rankers.llm.yes_no:YesNo",
    "likelihood": "trailerflow.recommendations.rankers.llm.likelihood:Likelihood",
    "one_letter": "trailerflow.recommendations.rankers.llm.one_letter:OneLetter",
    "listwise": "trailerflow.recommendations.rankers.llm.listwise:Listwise",
    "listwise_shuffled": "trailerflow.recommendations.rankers.llm.listwise_shuffled:ListwiseShuffled",
    "pairwise": "trailerflow.recommendations.rankers.llm.pairwise:Pairwise",
    "sequential": "trailerflow.recommendations.rankers.llm.sequential:Sequential",
    "recency_focused": "trailerflow.recommendations.rankers.llm.recency_focused:RecencyFocused",
    "in_context": "trailerflow.recommendations.rankers.llm.in_context:InContext",
}
"""Ways in which a language model ranks, each with a prompt file of its name."""

ALL_RANKERS: dict[str, str] = RANKERS | LLM_RANKERS

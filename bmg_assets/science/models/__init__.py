"""The paper's method and the statistics behind surrogates: what is fitted to known alloys, and how good the fit is.

Belongs here: sub-models (sub_models/), folds, search and budgets, the fusion, the chain from a training set to a map
(pipeline.py, prediction.py), intervals, calibration, Gaussian-process regression, and what drives a prediction. Does
not belong here: which alloys a training set has (science/literature), the common interface of everything that predicts
(science/surrogates), and how models are stored (store/model_files.py).
"""

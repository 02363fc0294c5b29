"""Names of the files in which the learnt parts are kept, inside Rasa's model archive and outside of it."""

FEATURES = "sentence_features.joblib"
INTENT = "intent.joblib"
REASON = "reason.joblib"
EMOTION = "emotion.joblib"
RISK = "risk.joblib"
ALL = (FEATURES, INTENT, REASON, EMOTION, RISK)

# SPDX-License-Identifier: BSD-3-Clause
"""Networks on memristors as a classifier of scikit-learn.

    >>> from memqc.sklearn import MemristorClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import MinMaxScaler
    >>> model = make_pipeline(MinMaxScaler(), MemristorClassifier("hfox-a", random_state=0))
    >>> model.fit(X, y).score(X_test, y_test)
"""

from __future__ import annotations

from numbers import Integral
from typing import Any, Mapping, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from ._arrays import FLOAT, Floats
from ._errors import ArgumentError
from ._progress import Shown
from .crossbar import Crossbar
from .device import Device
from .mlp import MLP

try:
    from sklearn.base import BaseEstimator, ClassifierMixin  # type: ignore[import]
    from sklearn.utils import check_random_state  # type: ignore[import]
    from sklearn.utils import validation
    from sklearn.utils.metaestimators import available_if  # type: ignore[import]
    from sklearn.utils.multiclass import check_classification_targets  # type: ignore[import]
except ImportError as _error:
    raise ImportError("memqc.sklearn needs scikit-learn, which is not there: install it by "
                      "'apt install python3-sklearn' or 'pip install scikit-learn'") from _error

__all__ = ["MemristorClassifier"]

#: What each argument of the classifier is called as a parameter of a network.
NAMES = {"rule": "rule", "mapping": "mapping", "activation": "activation",
         "batch_size": "batch", "learning_rate": "learning_rate", "validation": "validation",
         "patience": "patience"}
ON_ARRAYS = ("rule", "mapping")  # have no meaning without a device
DEFAULTS = {"loss": "cross-entropy", "input_bits": 0}
LATER = ("batch_size", "learning_rate")  # may change between two calls of partial_fit()


def _gives_probabilities(classifier: Any) -> bool:
    loss = (classifier.parameters or {}).get("loss", DEFAULTS["loss"])
    if loss != "cross-entropy":
        raise AttributeError(f'predict_proba() needs the loss "cross-entropy", not "{loss}"')
    return True


class MemristorClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A multilayer perceptron whose weights are memristors of crossbar arrays.

    Inputs reach the arrays as they are, so scale them: a MinMaxScaler or a StandardScaler in front
    suits. A DAC (dac_bits) cuts inputs at plus and minus input_range, which is 1 at first.

    Parameters
    ----------
    device : str, Device or None
        A preset of Device.presets(), or a Device. None computes with digital weights, whatever
        rule and mapping say.
    hidden_layer_sizes : sequence of int
        Units of the hidden layers; () for none.
    rule : str
        What trains the weights: "float", "noise-aware" or a rule of the arrays.
    epochs : int
        Times that fit() shows each sample.
    batch_size : int
        Samples of a minibatch.
    learning_rate : float
        Factor of a step on the mean gradient of a minibatch.
    mapping : str
        Which cells hold a weight, and how.
    activation : str
        Function of a hidden unit.
    validation : float
        Fraction of the samples that fit() holds back, to measure each epoch on them.
    patience : int
        With validation: fit() stops after so many epochs without a new best, and takes the weights
        of the best one. 0 trains all epochs and takes the last weights.
    parameters : dict or None
        Any other parameter of the network or of its arrays by its name, such as
        {"adc_bits": 8, "w_max": 2}: MLP.parameters() and Crossbar.parameters() list them. The loss
        is "cross-entropy" and input_bits is 0 unless they are here.
    random_state : int, RandomState, Generator or None
        A whole number is the seed of the network. Equal ones give equal results.
    progress : bool or callable
        As of MLP.fit(): True shows a bar.

    Attributes
    ----------
    classes_ : ndarray
        The labels.
    network_ : MLP
        The network, with all its methods: monte_carlo(), sensitivity(), transfer(), save().
    history_ : dict
        Columns by epoch: loss, accuracy, pulses, energy and more.
    n_iter_ : int
        Completed epochs.
    n_features_in_ : int
        Number of inputs.
    """

    def __init__(self, device: Union[str, Device, None] = "hfox-a",
                 hidden_layer_sizes: Sequence[int] = (64,), rule: str = "mixed-precision",
                 epochs: int = 20, batch_size: int = 10, learning_rate: float = 0.1,
                 mapping: str = "differential", activation: str = "relu",
                 validation: float = 0.0, patience: int = 0,
                 parameters: Optional[Mapping[str, Any]] = None,
                 random_state: Any = None, progress: Shown = False) -> None:
        self.device = device
        self.hidden_layer_sizes = hidden_layer_sizes
        self.rule = rule
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.mapping = mapping
        self.activation = activation
        self.validation = validation
        self.patience = patience
        self.parameters = parameters
        self.random_state = random_state
        self.progress = progress

    # Training

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> MemristorClassifier:  # noqa: N803
        """Trains a new network."""
        rows, y = self._validated(X, y)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        self.network_ = self._network()
        self.network_.fit(rows, labels, self.epochs, progress=self.progress)
        return self

    def partial_fit(self, X: npt.ArrayLike, y: npt.ArrayLike,  # noqa: N803
                    classes: Optional[npt.ArrayLike] = None) -> MemristorClassifier:
        """Trains an epoch on some samples; the first call makes the network.

        classes holds all labels that later calls may have. It is needed in the first call."""
        first = not hasattr(self, "network_")
        rows, given = self._validated(X, y, reset=first)
        check_classification_targets(given)
        if first:
            if classes is None:
                raise ValueError("classes is missing: the first call of partial_fit() needs all "
                                 "classes")
            self.classes_ = np.unique(classes)
        elif classes is not None and not np.array_equal(self.classes_, np.unique(classes)):
            raise ValueError(f"classes = {classes!r}; in the first call they were "
                             f"{self.classes_.tolist()}")
        labels = np.minimum(np.searchsorted(self.classes_, given), len(self.classes_) - 1)
        strange = np.unique(given[self.classes_[labels] != given])
        if strange.size:
            raise ValueError(f"y holds {strange.tolist()}, which classes does not have")
        if first:
            self.network_ = self._network()
        self.network_.set(**{NAMES[name]: getattr(self, name) for name in LATER})
        self.network_.train_epoch(rows, labels, progress=self.progress)
        return self

    def _validated(self, X: Any, y: Any = None, reset: bool = True) -> Any:  # noqa: N803
        """The samples as the library takes them, checked and counted as scikit-learn does it."""
        arguments = {"X": X, "reset": reset, "dtype": FLOAT, "order": "C"}
        if not reset and y is None:
            validation.check_is_fitted(self)
        else:
            arguments["y"] = y
        if hasattr(validation, "validate_data"):  # 1.6 and later
            return validation.validate_data(self, **arguments)
        return self._validate_data(**arguments)

    def _settings(self) -> dict[str, Any]:
        """All parameters of the network."""
        settings = {parameter: getattr(self, name) for name, parameter in NAMES.items()
                    if self.device is not None or name not in ON_ARRAYS}
        others = dict(self.parameters or {})
        for name, parameter in NAMES.items():
            if parameter in others:
                raise ArgumentError(f'parameters has "{parameter}", which is the argument {name}')
        if not len(self.hidden_layer_sizes):
            del settings["activation"]  # which the library refuses where it has no effect
        if self.patience:
            others.setdefault("restore_best", True)
        else:
            del settings["patience"]  # likewise where nothing is held back
        return {**DEFAULTS, **settings, **others}

    def _network(self) -> MLP:
        """A new network."""
        sizes = (self.n_features_in_, *self.hidden_layer_sizes, len(self.classes_))
        return MLP(sizes, self._device(), seed=self._seed(), **self._settings())

    def _device(self) -> Optional[Device]:
        return Device(self.device) if isinstance(self.device, str) else self.device

    def _seed(self) -> Any:
        if isinstance(self.random_state, (Integral, np.random.Generator)):
            return self.random_state
        return check_random_state(self.random_state).randint(np.iinfo(np.int32).max)

    # Use

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]:  # noqa: N803
        """The label of each sample."""
        rows = self._validated(X, reset=False)
        return np.asarray(self.classes_[self.network_.predict(rows)])

    @available_if(_gives_probabilities)  # type: ignore[misc]
    def predict_proba(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """Probabilities of the classes, (samples, classes), in the order of classes_."""
        rows = self._validated(X, reset=False)
        return self.network_.outputs(rows)

    @property
    def history_(self) -> dict[str, npt.NDArray[Any]]:
        """Columns by epoch: loss, accuracy, pulses, energy and more."""
        return self.network_.history

    @property
    def n_iter_(self) -> int:
        """Completed epochs."""
        return self.network_.epochs

    # Tags

    def _reads_noise(self) -> bool:
        """Whether two reads of an array differ, so that two predictions may."""
        if self.device is None:
            return False
        try:
            network = MLP((1, 1, 1), self._device(), **self._settings())
        except Exception:  # fit() says what is wrong; tags are asked for at any time
            return False
        return any(network.get(name) for name, parameter in Crossbar.parameters().items()
                   if parameter.kind == "real" and "noise" in name)

    def _more_tags(self) -> dict[str, Any]:
        """Tags as scikit-learn before 1.6 asks for them."""
        return {"non_deterministic": self._reads_noise()}

    def __sklearn_tags__(self) -> Any:
        """Tags as scikit-learn 1.6 and later asks for them."""
        tags = super().__sklearn_tags__()
        tags.non_deterministic = self._reads_noise()
        return tags

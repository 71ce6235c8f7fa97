package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Detects which targets of faults serve requests again. Thread-safe. */
final class RecoveryProbe {
  private final Set<String> nodes;
  private final Set<Integer> servesAgain = ConcurrentHashMap.newKeySet();

  /** Creates a probe. A target that is not one of these nodes serves again with the next good answer of any node. */
  RecoveryProbe(List<String> nodes) {
    this.nodes = Set.copyOf(nodes);
  }

  /** Evaluates a completed operation. */
  void observe(Operation operation, List<FaultEvent> faults) {
    if (!(operation.outcome() instanceof Outcome.Ok)) {
      return;
    }
    for (int i = 0; i < faults.size(); i++) {
      FaultEvent fault = faults.get(i);
      if (fault.ended() >= 0 && operation.invoked() >= fault.ended()
          && (!nodes.contains(fault.target()) || fault.target().equals(operation.servedBy()))) {
        servesAgain.add(i);
      }
    }
  }

  boolean servesAgain(int fault) {
    return servesAgain.contains(fault);
  }

  /** The targets that have not served a request since their fault ended. */
  List<String> missing(List<FaultEvent> faults) {
    return IntStream.range(0, faults.size()).filter(fault -> !servesAgain(fault))
        .mapToObj(fault -> faults.get(fault).target()).distinct().toList();
  }
}

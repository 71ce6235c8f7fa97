package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.Command.Access;
import dev.statecraft.session.replicated.Command.Barrier;
import dev.statecraft.session.replicated.Command.Change;
import dev.statecraft.session.replicated.Command.Create;
import dev.statecraft.session.replicated.Command.Delete;
import dev.statecraft.session.replicated.Command.Expire;
import dev.statecraft.session.replicated.Command.Save;
import dev.statecraft.session.replicated.Command.Touch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Commands for tests: fixed ones, and random ones on few sessions and attributes, so that they often conflict. */
final class Commands {
  static final long NEVER = -1;

  private Commands() {}

  static Value value(String text) {
    return Value.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Value value) {
    return new String(value.bytes(), StandardCharsets.UTF_8);
  }

  static Create create(String id) {
    return new Create(id, 0, NEVER, Map.of());
  }

  static Save set(String id, String name, long seen, String text) {
    return new Save(id, null, 0, null, List.of(new Change(name, seen, value(text))));
  }

  static Arbitrary<Command> any() {
    Arbitrary<String> ids = Arbitraries.of("a", "b", "c", "Ünï", "");
    Arbitrary<String> names = Arbitraries.of("cart", "user", "");
    Arbitrary<Long> times = Arbitraries.longs().between(-1_000, 100_000);
    Arbitrary<Long> limits = Arbitraries.longs().between(-1, 50_000);
    Arbitrary<Value> values = Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(Value::of);
    Arbitrary<Change> changes = Combinators
        .combine(names, Arbitraries.longs().between(0, 60), values.injectNull(0.3))
        .as(Change::new);
    Arbitrary<Command> creates = Combinators
        .combine(ids, times, limits, Arbitraries.maps(names, values).ofMaxSize(3))
        .as(Create::new);
    Arbitrary<Command> saves = Combinators
        .combine(ids, ids.injectNull(0.8), times, limits.injectNull(0.8), changes.list().ofMaxSize(3))
        .as(Save::new);
    Arbitrary<List<Access>> accesses = Combinators.combine(ids, times).as(Access::new).list().ofMaxSize(4);
    Arbitrary<Command> touches = accesses.map(Touch::new);
    Arbitrary<Command> deletes = ids.map(Delete::new);
    Arbitrary<Command> expires = accesses.map(Expire::new);
    return Arbitraries.oneOf(creates, saves, touches, deletes, expires, Arbitraries.just(new Barrier()));
  }
}

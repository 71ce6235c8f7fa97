package dev.statecraft.gateway.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.publisher.SignalType;
import reactor.test.publisher.TestPublisher;

class PacedBodyTest {
  private static final int PART_BYTES = 1_000;

  private final EmbeddedChannel reader = new EmbeddedChannel();
  private final TestPublisher<ByteBuf> source = TestPublisher.create();
  private final List<String> turns = new ArrayList<>();
  private final List<ByteBuf> parts = new ArrayList<>();
  private final Writer writer = new Writer();

  PacedBodyTest() {
    reader.config().setWriteBufferWaterMark(new WriteBufferWaterMark(PART_BYTES, 3 * PART_BYTES));
    new PacedBody(source.flux(), reader, turnsOf(turns)).subscribe(writer);
  }

  private static PacedBody.Turns turnsOf(List<String> turns) {
    return new PacedBody.Turns() {
      @Override
      public void awaitPart() {
        turns.add("sender");
      }

      @Override
      public void awaitReader() {
        turns.add("reader");
      }

      @Override
      public void end() {
        turns.add("end");
      }
    };
  }

  @Test
  void asksForOnePartAtATimeWhileReaderTakesBytes() {
    writer.request(128);
    source.assertMinRequested(1);
    while (reader.isWritable()) {
      assertThat(turns).endsWith("sender");
      send();
    }
    assertThat(turns).endsWith("reader");
    assertThat(parts).hasSizeLessThan(5);
    flush();
    assertThat(turns).endsWith("reader", "sender");
    parts.forEach(ByteBuf::release);
  }

  @Test
  void asksForNothingWithoutDemand() {
    source.assertMaxRequested(0);
    assertThat(turns).isEmpty();
  }

  @Test
  void passesOnTheEndAndRemovesItsHandler() {
    writer.request(128);
    send();
    source.complete();
    assertThat(writer.ended).isEqualTo(SignalType.ON_COMPLETE);
    assertThat(turns).containsExactly("sender", "sender", "end");
    assertThat(reader.pipeline().names()).hasSize(1);
    parts.forEach(ByteBuf::release);
  }

  @Test
  void releasesPartThatArrivesAfterCancellation() {
    AtomicReference<CoreSubscriber<? super ByteBuf>> subscriber = new AtomicReference<>();
    Flux<ByteBuf> silent = new Flux<>() {
      @Override
      public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
        subscriber.set(actual);
        actual.onSubscribe(Operators.emptySubscription());
      }
    };
    new PacedBody(silent, reader, turnsOf(new ArrayList<>())).subscribe().dispose();
    ByteBuf late = Unpooled.buffer(1).writeByte(1);
    subscriber.get().onNext(late);
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void closedReaderDoesNotFail() {
    writer.request(128);
    var _ = reader.close();
    source.error(new IllegalStateException("injected"));
    assertThat(writer.ended).isEqualTo(SignalType.ON_ERROR);
  }

  private void send() {
    source.next(Unpooled.buffer(PART_BYTES).writeZero(PART_BYTES));
  }

  private void flush() {
    reader.flushOutbound();
  }

  private final class Writer extends BaseSubscriber<ByteBuf> {
    private SignalType ended = SignalType.SUBSCRIBE;

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      // The test asks for parts.
    }

    @Override
    protected void hookOnNext(ByteBuf part) {
      parts.add(part.retain());
      var _ = reader.write(part);
    }

    @Override
    protected void hookFinally(SignalType signal) {
      ended = signal;
    }
  }
}

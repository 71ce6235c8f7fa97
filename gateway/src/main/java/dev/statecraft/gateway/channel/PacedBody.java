package dev.statecraft.gateway.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A body on its way from one connection to another. It asks for the next part only while the other connection takes
 * bytes, so that a slow reader holds no more than a few parts; Reactor Netty alone would ask for 128 parts in advance.
 * And it tells whose turn it is: the sender's or the reader's.
 */
public final class PacedBody extends Flux<ByteBuf> {
  /** Is told for whom the body waits. Each call is also a sign of progress. */
  public interface Turns {
    /** The sender's turn: the next part is awaited. */
    void awaitPart();

    /** The reader's turn: it does not take bytes now. */
    void awaitReader();

    /** All parts were passed on, or the body failed. */
    void end();
  }

  private final Flux<ByteBuf> source;
  private final Channel reader;
  private final Turns turns;

  /**
   * Makes a body.
   *
   * @param source the parts; whoever requests one owns it
   * @param reader the connection that the parts are written to
   */
  public PacedBody(Flux<ByteBuf> source, Channel reader, Turns turns) {
    this.source = source;
    this.reader = reader;
    this.turns = turns;
  }

  @Override
  public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
    source.subscribe(new Pacer(actual, reader, turns));
  }

  /** Runs on the event loop of the reader, apart from the signals of the source. */
  private static final class Pacer extends ChannelInboundHandlerAdapter
      implements
        CoreSubscriber<ByteBuf>,
        Subscription {
    private final CoreSubscriber<? super ByteBuf> actual;
    private final Channel reader;
    private final Turns turns;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Subscription source;
    private long demand;
    private boolean partAwaited;
    private boolean installed;

    Pacer(CoreSubscriber<? super ByteBuf> actual, Channel reader, Turns turns) {
      this.actual = actual;
      this.reader = reader;
      this.turns = turns;
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      source = subscription;
      onLoop(() -> {
        if (!ended.get()) {
          installed = true;
          reader.pipeline().addFirst(this);
        }
      });
      actual.onSubscribe(this);
    }

    @Override
    public void request(long parts) {
      onLoop(() -> {
        demand = Operators.addCap(demand, parts);
        next();
      });
    }

    @Override
    public void cancel() {
      if (ended.compareAndSet(false, true)) {
        Subscription current = source;
        if (current != null) {
          current.cancel();
        }
        onLoop(this::uninstall);
      }
    }

    @Override
    public void onNext(ByteBuf part) {
      if (!onLoop(() -> pass(part))) {
        part.release();
      }
    }

    private void pass(ByteBuf part) {
      if (ended.get()) {
        ReferenceCountUtil.release(part);
        return;
      }
      partAwaited = false;
      demand--;
      actual.onNext(part);
      next();
    }

    private void next() {
      Subscription current = source;
      if (partAwaited || demand <= 0 || ended.get() || current == null) {
        return;
      }
      if (reader.isWritable()) {
        partAwaited = true;
        turns.awaitPart();
        current.request(1);
      } else {
        turns.awaitReader();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      next();
      context.fireChannelWritabilityChanged();
    }

    @Override
    public void onError(Throwable failure) {
      onLoop(() -> {
        if (ended.compareAndSet(false, true)) {
          uninstall();
          turns.end();
          actual.onError(failure);
        }
      });
    }

    @Override
    public void onComplete() {
      onLoop(() -> {
        if (ended.compareAndSet(false, true)) {
          uninstall();
          turns.end();
          actual.onComplete();
        }
      });
    }

    private void uninstall() {
      if (installed) {
        reader.pipeline().remove(this);
      }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      installed = false;
    }

    /** Returns false if the event loop has ended. */
    private boolean onLoop(Runnable task) {
      return EventLoopTask.run(reader.eventLoop(), task);
    }
  }
}

package dev.statecraft.gateway.route;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of this gateway, one after the other, so that each can have connections of its own: a request then
 * stays on the thread that read it, all the way to the node and back. Thread-safe.
 */
final class EventLoops {
  private final LoopResources resources;
  private final List<EventLoop> loops = new ArrayList<>();
  private final FastThreadLocal<Integer> own = new FastThreadLocal<>() {
    @Override
    protected Integer initialValue() {
      for (int i = 0; i < loops.size(); i++) {
        if (loops.get(i).inEventLoop()) {
          return i;
        }
      }
      return 0;
    }
  };

  EventLoops(LoopResources resources) {
    this.resources = resources;
    for (EventExecutor executor : resources.onClient(LoopResources.DEFAULT_NATIVE)) {
      loops.add((EventLoop) executor);
    }
  }

  LoopResources all() {
    return resources;
  }

  int count() {
    return loops.size();
  }

  /** Returns which loop runs the caller; the first one for a thread that is none. */
  int current() {
    return own.get();
  }

  /** Returns resources that use one loop alone. */
  LoopResources only(int index) {
    return new OneLoop(resources, loops.get(index));
  }

  private record OneLoop(LoopResources all, EventLoop loop) implements LoopResources {
    @Override
    public EventLoopGroup onServer(boolean useNative) {
      return loop;
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> channelType, EventLoopGroup group) {
      return all.onChannel(channelType, all.onClient(DEFAULT_NATIVE));
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> channelType, EventLoopGroup group) {
      return all.onChannelClass(channelType, all.onClient(DEFAULT_NATIVE));
    }
  }
}

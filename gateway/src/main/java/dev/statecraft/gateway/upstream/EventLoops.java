package dev.statecraft.gateway.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of the gateway. Each loop has its own connections to each node, so that a request stays on one thread
 * from the client to the node and back. Thread-safe.
 */
public final class EventLoops {
  private final LoopResources resources;
  private final List<EventLoop> loops = new ArrayList<>();
  private final FastThreadLocal<Integer> currentIndex = new FastThreadLocal<>() {
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

  public EventLoops(LoopResources resources) {
    this.resources = resources;
    for (EventExecutor executor : resources.onClient(LoopResources.DEFAULT_NATIVE)) {
      loops.add((EventLoop) executor);
    }
  }

  public LoopResources all() {
    return resources;
  }

  /** Returns the loops in order of their index. */
  public List<EventLoop> list() {
    return List.copyOf(loops);
  }

  int count() {
    return loops.size();
  }

  /** Returns the index of the loop that runs the caller; 0 on any other thread. */
  int currentIndex() {
    return currentIndex.get();
  }

  /** Returns the loop that runs the caller; the first one on any other thread. */
  public EventLoop current() {
    return loops.get(currentIndex());
  }

  EventLoop loop(int index) {
    return loops.get(index);
  }

  /** Returns resources that use only one loop. */
  LoopResources single(int index) {
    return new SingleLoop(resources, loops.get(index));
  }

  private record SingleLoop(LoopResources all, EventLoop loop) implements LoopResources {
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

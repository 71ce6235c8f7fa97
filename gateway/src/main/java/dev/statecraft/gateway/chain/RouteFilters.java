package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.forward.RouteForwarder;
import java.util.ArrayList;
import java.util.List;
import org.springframework.cloud.gateway.filter.ForwardRoutingFilter;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayMetricsFilter;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.DecoratingProxy;

/**
 * The filters of each route, in order. What forwards the request is last, also after filters that declare no order. A
 * route of the gateway's own table has no other filters than the application's own, and none in between if there are
 * none.
 */
final class RouteFilters extends FilteringWebHandler {
  private static final String SPRING = "org.springframework.cloud.gateway.";
  private static final List<Class<?>> FORWARDING = List.of(ServiceRoutingFilter.class, ForwardRoutingFilter.class,
      RouteForwarder.class);

  RouteFilters(List<GlobalFilter> globalFilters) {
    super(globalFilters, true);
  }

  @Override
  protected List<GatewayFilter> getAllFilters(Route route) {
    List<GatewayFilter> all = super.getAllFilters(route);
    boolean own = route.getFilters().stream().anyMatch(RouteForwarder.class::isInstance);
    boolean plain = own && all.stream().map(RouteFilters::type).allMatch(RouteFilters::isOfGateway);
    List<GatewayFilter> ordered = new ArrayList<>();
    for (GatewayFilter filter : all) {
      Class<?> type = type(filter);
      if (!FORWARDING.contains(type) && (!plain || type == GatewayMetricsFilter.class)) {
        ordered.add(filter);
      }
    }
    for (GatewayFilter filter : all) {
      Class<?> type = type(filter);
      if (FORWARDING.contains(type) && (!own || type == RouteForwarder.class)) {
        ordered.add(filter);
      }
    }
    return List.copyOf(ordered);
  }

  static boolean isOfGateway(Class<?> type) {
    return type.getName().startsWith(SPRING) || type == AnswerWritingFilter.class || FORWARDING.contains(type);
  }

  private static Class<?> type(GatewayFilter filter) {
    GatewayFilter inner = ServiceRoutes.unwrap(filter);
    return inner instanceof DecoratingProxy adapter ? adapter.getDecoratedClass() : inner.getClass();
  }
}

package dev.statecraft.stateless;

import dev.statecraft.service.node.NodeProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Names the node in each answer, errors included. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ServedByFilter extends OncePerRequestFilter {
  private final String node;

  ServedByFilter(NodeProperties properties) {
    this.node = properties.node();
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader(NodeProperties.SERVED_BY_HEADER, node);
    chain.doFilter(request, response);
  }
}

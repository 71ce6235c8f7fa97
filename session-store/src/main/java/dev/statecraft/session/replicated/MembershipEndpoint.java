package dev.statecraft.session.replicated;

import java.time.Duration;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;

/**
 * {@code GET /actuator/membership}: who decides in the group, and this node's place. {@code DELETE} has this node taken
 * out of the group: 200 once that is committed, 409 where it must not be, 503 where it is not known in time. Not
 * exposed unless {@code management.endpoints.web.exposure.include} names it.
 */
@Endpoint(id = "membership")
final class MembershipEndpoint {
  /** Some elections and a change of another member. */
  private static final Duration LEAVING_MAY_TAKE = Duration.ofSeconds(10);

  private final RaftNode node;

  MembershipEndpoint(RaftNode node) {
    this.node = node;
  }

  @ReadOperation
  Membership show() {
    return node.membership();
  }

  @DeleteOperation
  WebEndpointResponse<Object> leave() {
    try {
      return switch (node.leave(LEAVING_MAY_TAKE)) {
        case Departure.Done() -> new WebEndpointResponse<>(node.membership());
        case Departure.Refused(String reason) -> problem(HttpStatus.CONFLICT, "This node cannot leave", reason);
        case Departure.Unknown(String reason) -> unknown(reason);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown("the request was interrupted");
    }
  }

  private static WebEndpointResponse<Object> unknown(String reason) {
    return problem(
        HttpStatus.SERVICE_UNAVAILABLE, "It is not known whether this node has left", reason + "; ask again");
  }

  private static WebEndpointResponse<Object> problem(HttpStatus status, String title, String detail) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setTitle(title);
    return new WebEndpointResponse<>(problem, status.value(), MediaType.APPLICATION_PROBLEM_JSON);
  }
}

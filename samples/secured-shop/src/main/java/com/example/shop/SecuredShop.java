package com.example.shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Spring Security's defaults: every page needs a login, and logins and forms carry a CSRF token. */
@SpringBootApplication
class SecuredShop {
  static void main(String[] arguments) {
    SpringApplication.run(SecuredShop.class, arguments);
  }

  @Bean
  UserDetailsService users() {
    return new InMemoryUserDetailsManager(
        User.withUsername("ada").password("{noop}engine").roles("CUSTOMER").build(),
        User.withUsername("bob").password("{noop}builder").roles("CUSTOMER").build());
  }
}

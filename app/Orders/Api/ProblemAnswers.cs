namespace Candor.Orders.Api;

/// <summary>Turns what went wrong into problem+json; no answer ever carries an exception's text.</summary>
public static class ProblemAnswers
{
    /// <summary>Adds the handlers.</summary>
    public static void AddProblemAnswers(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OrdersJson.Default));
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<FailureAnswer>();
    }

    /// <summary>Handles what the routes throw, and gives routing's own refusals (404, 405) a body.</summary>
    public static void UseProblemAnswers(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            // An outage is logged once by health when its state changes, and a bug by the answer now and then, not once a request.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException
                || FailureAnswer.IsKnown(context.Exception),
        });
        app.UseStatusCodePages();
    }
}

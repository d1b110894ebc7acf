using System.Text.Json;
using System.Text.Unicode;
using Candor.Health;
using Candor.Orders.Cache;
using Candor.Orders.Queue;
using Candor.Orders.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Candor.Orders.Api;

/// <summary><c>POST /orders</c>, <c>GET /orders/{id}</c>, <c>GET /orders?limit=</c>.</summary>
public static class OrderEndpoints
{
    /// <summary>The largest list.</summary>
    public const int LargestList = 100;

    // Far above the largest valid order, far below what would hurt.
    private const int LargestBody = 16 * 1024;

    // A body that names a field twice does not say which one is meant.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Maps the three routes.</summary>
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders");
        orders.MapPost("", CreateAsync).WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        orders.MapGet("/{id}", FindAsync);
        orders.MapGet("", LatestAsync);
    }

    private static async Task<IResult> CreateAsync(HttpRequest request, OrderStore store, OutboxSignal outbox)
    {
        if (!request.HasJsonContentType())
        {
            return Problems.UnsupportedMediaType(request.ContentType);
        }

        var keys = request.Headers["Idempotency-Key"];
        if (keys.Count > 1 || (keys.Count == 1 && !IdempotencyKey.IsValid(keys[0]!)))
        {
            return Problems.BadIdempotencyKey();
        }

        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        var text = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        if (!Utf8.IsValid(text.Span))
        {
            // The parser does not look into strings, and a text of invalid bytes is none.
            return Problems.NotUtf8();
        }

        JsonDocument body;
        try
        {
            body = JsonDocument.Parse(WithoutByteOrderMark(text), Strict);
        }
        catch (JsonException unreadable)
        {
            return Problems.UnreadableBody(unreadable);
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair in a field's name: valid by the grammar of JSON, and not a text.
            return Problems.UnreadableName();
        }

        using (body)
        {
            if (OrderRules.Read(body.RootElement, out var errors) is not { } order)
            {
                return Problems.Invalid(errors);
            }

            if (request.HttpContext.IsCandorCanary())
            {
                return Answer(await store.TryOutAsync(order));
            }

            var stored = await store.AddAsync(order, keys.Count == 1 ? new(keys[0]!) : null);
            outbox.Set();
            return Answer(stored);
        }
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> text) =>
        text.Span.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text;

    private static IResult Answer(StoredOrder stored) => stored.SameBody
        ? TypedResults.Created($"/orders/{stored.Order.Id}", stored.Order)
        : Problems.KeyUsedForAnotherBody();

    private static async Task<IResult> FindAsync(string id, HttpContext context, OrderReader reader)
    {
        if (Guid.TryParse(id, out var guid) && await reader.FindAsync(guid) is { } order)
        {
            return TypedResults.Ok(order);
        }

        // The canary asks for an order that there cannot be: cache and database have been queried, which is its purpose.
        return context.IsCandorCanary() ? TypedResults.NoContent() : Problems.NoSuchOrder();
    }

    private static async Task<Results<Ok<List<Order>>, ProblemHttpResult>> LatestAsync(string? limit, OrderStore store)
    {
        var count = 20;
        return limit is null || (int.TryParse(limit, out count) && count is >= 1 and <= LargestList)
            ? TypedResults.Ok(await store.LatestAsync(count))
            : Problems.BadLimit(limit);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Candor.Health.Tests.Orders;

/// <summary>The interface of Orders as its clients see it.</summary>
[Collection(OrdersTests.Name)]
public sealed class OrderApiTests(OrdersServers servers, OrdersFixture fixture) : IClassFixture<OrdersFixture>
{
    private HttpClient Client => fixture.Orders.Client;

    [Fact]
    public async Task Post_of_a_valid_order_stores_it_and_answers_where_it_is()
    {
        using var created = await PostAsync("""{"item":"  tea ","quantity":2}""");
        var order = await JsonAsync(created);
        using var found = await Client.GetAsync(created.Headers.Location);
        var read = await JsonAsync(found);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("tea", (string?)order["item"]);
        Assert.Equal(2, (int?)order["quantity"]);
        Assert.Equal("accepted", (string?)order["status"]);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal((string?)order["id"], (string?)read["id"]);
        Assert.Equal((string?)order["createdAt"], (string?)read["createdAt"]);
    }

    [Theory]
    [InlineData("""{"item":"tea"}""", "quantity", "found nothing")]
    [InlineData("""{"quantity":1}""", "item", "found nothing")]
    [InlineData("""{"item":"  ","quantity":1}""", "item", "found 0")]
    [InlineData("""{"item":7,"quantity":1}""", "item", "found a number")]
    [InlineData("""{"item":"a\u0000b","quantity":1}""", "item", "control characters")]
    [InlineData("""{"item":"\ud800","quantity":1}""", "item", "surrogate")]
    [InlineData("""{"item":"tea","quantity":0}""", "quantity", "found 0")]
    [InlineData("""{"item":"tea","quantity":10001}""", "quantity", "found 10001")]
    [InlineData("""{"item":"tea","quantity":1.5}""", "quantity", "found 1.5")]
    [InlineData("""{"item":"tea","quantity":"2"}""", "quantity", "found a text")]
    [InlineData("""{"item":"tea","quantity":99999999999999999999}""", "quantity", "found 99999999999999999999")]
    [InlineData("""{"item":"tea","quantity":1,"colour":"red"}""", "colour", "Unknown field")]
    [InlineData("""["tea"]""", "body", "found a list")]
    public async Task Post_of_an_invalid_order_names_the_field_and_what_was_found(string body, string field, string found)
    {
        using var answer = await PostAsync(body);
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest);

        Assert.Contains(found, (string?)problem["errors"]![field]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_with_several_mistakes_lists_them_all()
    {
        using var answer = await PostAsync("""{"item":"","quantity":-1}""");
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(2, problem["errors"]!.AsObject().Count);
    }

    [Theory]
    [InlineData("{\n\"item\": tea}", "line 2")]
    [InlineData("", "line 1")]
    [InlineData("""{"item":"tea","quantity":1,"quantity":100}""", "twice")]
    public async Task Post_of_what_is_not_one_json_object_reports_where_or_why(string body, string expected)
    {
        using var answer = await PostAsync(body);
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest);

        Assert.Contains(expected, (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_of_another_content_type_is_refused()
    {
        using var content = new StringContent("item=tea", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await Client.PostAsync(new Uri("/orders", UriKind.Relative), content);

        await ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Post_of_a_huge_body_is_refused()
    {
        using var answer = await PostAsync($$"""{"item":"{{new string('x', 100_000)}}","quantity":1}""");

        await ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("/orders/018f0000-0000-7000-8000-000000000000", HttpStatusCode.NotFound)]
    [InlineData("/orders/tea", HttpStatusCode.NotFound)]
    [InlineData("/order", HttpStatusCode.NotFound)]
    [InlineData("/orders?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/orders?limit=101", HttpStatusCode.BadRequest)]
    [InlineData("/orders?limit=many", HttpStatusCode.BadRequest)]
    public async Task Get_of_what_is_not_there_answers_a_problem(string path, HttpStatusCode expected)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));

        await ProblemAsync(answer, expected);
    }

    [Fact]
    public async Task List_shows_the_newest_first_and_no_more_than_asked_for()
    {
        using var first = await PostAsync("""{"item":"older","quantity":1}""");
        using var second = await PostAsync("""{"item":"newer","quantity":1}""");
        using var answer = await Client.GetAsync(new Uri("/orders?limit=2", UriKind.Relative));
        var list = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray();

        Assert.Equal(["newer", "older"], list.Select(order => (string?)order!["item"]));
    }

    [Fact]
    public async Task Same_key_with_the_same_order_gets_the_same_answer_and_stores_one()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("""{"item":"once","quantity":1}""", key);
        using var again = await PostAsync("""{ "quantity": 1, "item": "once" }""", key);

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(1, await CountAsync($"idempotency_key = '{key}'"));
    }

    [Fact]
    public async Task Same_key_with_another_order_is_refused_and_stores_nothing()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("""{"item":"mine","quantity":1}""", key);
        using var other = await PostAsync("""{"item":"mine","quantity":2}""", key);

        await ProblemAsync(other, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1, await CountAsync($"idempotency_key = '{key}'"));
    }

    [Fact]
    public async Task Same_key_from_many_clients_at_once_stores_one()
    {
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync("""{"item":"race","quantity":1}""", key)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single(answers.Select(answer => answer.Headers.Location).Distinct());
        Assert.Equal(1, await CountAsync($"idempotency_key = '{key}'"));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    public async Task Key_that_cannot_be_one_is_refused(string key)
    {
        using var answer = await PostAsync("""{"item":"tea","quantity":1}""", key);

        await ProblemAsync(answer, HttpStatusCode.BadRequest);
    }

    private Task<long> CountAsync(string where) => servers.Postgres.ScalarAsync<long>($"select count(*) from orders where {where}", fixture.Database);

    private async Task<HttpResponseMessage> PostAsync(string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/orders", UriKind.Relative))
        {
            Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json")),
        };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return await Client.SendAsync(request);
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    private static async Task<JsonNode> ProblemAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await JsonAsync(answer);
    }
}

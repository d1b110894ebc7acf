using Candor.Contract;
using Candor.Orders.Configuration;

namespace Candor.Health.Tests.Orders;

/// <summary>Settings are checked at start, all of them, before a port is opened.</summary>
public sealed class SettingsTests
{
    private const string Secret = "hunter2";

    [Fact]
    public async Task Service_without_settings_names_each_and_exits_2_without_a_stack_trace()
    {
        await using var process = OrdersProcess.Run(new Dictionary<string, string>());
        var code = await process.WaitForExitAsync();

        Assert.Equal(2, code);
        Assert.Contains("CANDOR_CONTRACT is not set", process.Output, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__queue is not set", process.Output, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__database is not set", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_whose_port_is_taken_names_the_port_and_exits_2()
    {
        var contract = OrdersProcess.OnFreePorts();
        var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, contract.Port);
        taken.Start();
        await using var orders = OrdersProcess.Start(contract, new Dictionary<string, string>
        {
            ["database"] = "Host=127.0.0.1;Port=1;Username=u;Database=d",
            ["cache"] = "127.0.0.1:1",
            ["queue"] = "amqp://127.0.0.1:1",
        });
        var code = await orders.Process.WaitForExitAsync();
        taken.Stop();

        Assert.Equal(2, code);
        Assert.Contains($":{contract.Port}", orders.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", orders.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_with_an_address_that_is_none_names_the_setting_and_exits_2()
    {
        var environment = Right();
        environment["CANDOR_BIND"] = "localhost";
        await using var process = OrdersProcess.Run(environment);
        var code = await process.WaitForExitAsync();

        Assert.Equal(2, code);
        Assert.Contains("CANDOR_BIND is \"localhost\"", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CANDOR_CONTRACT", "{\"port\":\"http\"}", "port")]
    [InlineData("CANDOR_CONTRACT", "{}", "dependencies lacks \"database\"")]
    [InlineData("CANDOR_SPEED", "fast", "CANDOR_SPEED")]
    [InlineData("ConnectionStrings__database", "Username=u;Database=d;Password=" + Secret, "ConnectionStrings__database lacks Host")]
    [InlineData("ConnectionStrings__database", "postgres://u:" + Secret + "@h/d", "ConnectionStrings__database cannot be read; expected a PostgreSQL")]
    [InlineData("ConnectionStrings__database", "Host=h;Username=u;Database=d;Pooling=false;Password=" + Secret, "Pooling=true")]
    [InlineData("ConnectionStrings__cache", "h:6379,passwrod=" + Secret, "ConnectionStrings__cache cannot be read; expected a Redis")]
    [InlineData("ConnectionStrings__cache", "password=" + Secret, "ConnectionStrings__cache cannot be read; expected a Redis")]
    [InlineData("ConnectionStrings__cache", "", "ConnectionStrings__cache is not set")]
    [InlineData("ConnectionStrings__queue", "http://u:" + Secret + "@h", "ConnectionStrings__queue cannot be read; expected an AMQP")]
    [InlineData("ConnectionStrings__queue", "h:5672," + Secret, "ConnectionStrings__queue cannot be read; expected an AMQP")]
    public void Wrong_setting_is_named_and_no_secret_shown(string variable, string value, string expected)
    {
        var environment = Right();
        environment[variable] = value;

        var mistakes = Assert.Throws<InvalidSettingsException>(() => SettingsReader.Read(environment.GetValueOrDefault));

        Assert.Contains(expected, mistakes.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, mistakes.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 15)]
    [InlineData(";Maximum Pool Size=4", 4)]
    [InlineData(";Maximum Pool Size=15", 15)]
    public void Pool_is_as_large_as_the_contract_allows_or_smaller_where_the_string_reports_it(string more, int connections)
    {
        var environment = Right();
        environment["ConnectionStrings__database"] += more;

        Assert.Equal(connections, SettingsReader.Read(environment.GetValueOrDefault).DatabaseConnections);
    }

    [Fact]
    public void Pool_that_is_larger_than_the_contract_allows_is_refused_with_both_numbers()
    {
        var environment = Right();
        environment["ConnectionStrings__database"] += ";Maximum Pool Size=16";

        var mistakes = Assert.Throws<InvalidSettingsException>(() => SettingsReader.Read(environment.GetValueOrDefault));

        Assert.Contains("Maximum Pool Size=16; expected at most 15", mistakes.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Right_settings_are_read_and_the_speed_is_applied_to_the_contract_only_at_run_time()
    {
        var environment = Right();
        environment["CANDOR_SPEED"] = "10";

        var settings = SettingsReader.Read(environment.GetValueOrDefault);

        Assert.Equal(OrdersContract.Default, settings.Environment.Contract);
        Assert.Equal(OrdersContract.Default.Drain.Hold / 10, settings.Contract.Drain.Hold);
    }

    private static Dictionary<string, string> Right() => new()
    {
        ["CANDOR_CONTRACT"] = ContractJson.Serialize(OrdersContract.Default),
        ["ConnectionStrings__database"] = "Host=h;Username=u;Database=d",
        ["ConnectionStrings__cache"] = "h:6379",
        ["ConnectionStrings__queue"] = "amqp://h",
    };
}
